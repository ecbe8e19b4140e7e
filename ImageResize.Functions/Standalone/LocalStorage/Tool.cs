using System.ComponentModel;
using System.Diagnostics;

namespace ImageResize.Functions.Standalone.LocalStorage;

/// <summary>Runs a program of the developer's machine to its end.</summary>
internal static class Tool
{
    /// <exception cref="Win32Exception">The program does not exist.</exception>
    public static async Task<ToolResult> RunAsync(
        string program, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ToolResult(process.ExitCode, (await output).Trim(), (await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

internal sealed record ToolResult(int ExitCode, string Output, string Errors);
