using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Support.Processes;

/// <summary>
/// Writes the logs and outputs of the programs under test to the folder in <c>IMAGERESIZE_TEST_LOGS</c>, where <c>.ci/run</c> searches them
/// for <see cref="Secrets"/>. Without the variable, nothing is written.
/// </summary>
internal sealed class LogFiles : ILoggerProvider, ILogger
{
    private static readonly Lock Writing = new();

    private static readonly string? Folder = Environment.GetEnvironmentVariable("IMAGERESIZE_TEST_LOGS") is { Length: > 0 } folder
        ? folder : null;

    public static void Write(string? line) => Write("programs.log", line);

    /// <summary>Writes a line that <c>.ci/run</c> prints immediately, because <c>dotnet test</c> prints outputs at its end.</summary>
    public static void WriteLong(string line) => Write("long.log", line);

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Write($"{logLevel} {formatter(state, exception)} {exception}");

    public bool IsEnabled(LogLevel logLevel) => Folder is not null;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
    }

    private static void Write(string file, string? line)
    {
        if (Folder is not null && line is not null)
        {
            lock (Writing)
            {
                File.AppendAllText(Path.Combine(Folder, file), line + "\n");
            }
        }
    }
}
