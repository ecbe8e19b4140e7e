using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Hosting;

/// <summary>Explains in one sentence why the application did not start, if its user can correct the cause.</summary>
internal static class StartupFailure
{
    /// <returns>Null for an unexpected error, which needs its stack trace.</returns>
    public static string? Explain(Exception failure) => failure switch
    {
        StartupException => failure.Message,
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
        InvalidOperationException when failure.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            $"A setting is invalid: {failure.Message}",
        IOException { InnerException: AddressInUseException } =>
            $"{failure.Message} Stop the other program, or choose another address with --urls http://127.0.0.1:PORT.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => $"Listening on the port is not permitted: {failure.Message}.",
        _ => null,
    };
}
