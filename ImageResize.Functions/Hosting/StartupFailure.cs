using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions;

/// <summary>Says in one sentence why the program did not start, when its user can do something about it.</summary>
internal static class StartupFailure
{
    /// <returns>Null when it is a fault of ours, which deserves its stack trace.</returns>
    public static string? Explain(Exception failure) => failure switch
    {
        StartupException => failure.Message,
        OptionsValidationException invalid => $"A setting is wrong: {string.Join(' ', invalid.Failures)}",
        InvalidOperationException when failure.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            $"A setting is wrong: {failure.Message}",
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"{failure.Message} Stop the other program, or choose another with --urls http://127.0.0.1:PORT.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => $"The port may not be listened on: {failure.Message}.",
        _ => null,
    };
}
