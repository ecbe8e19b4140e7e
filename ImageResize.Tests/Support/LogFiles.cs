using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Support;

/// <summary>
/// All that the programs under test wrote, in the folder that <c>IMAGERESIZE_TEST_LOGS</c> names, where <c>.ci/run</c> looks for
/// <see cref="Secrets"/>. Without the variable nothing is kept.
/// </summary>
internal sealed class LogFiles : ILoggerProvider, ILogger
{
    private static readonly Lock Writing = new();

    private static readonly string? File = Environment.GetEnvironmentVariable("IMAGERESIZE_TEST_LOGS") is { Length: > 0 } folder
        ? Path.Combine(folder, "programs.log")
        : null;

    public static void Write(string? line)
    {
        if (File is not null && line is not null)
        {
            lock (Writing)
            {
                System.IO.File.AppendAllText(File, line + "\n");
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Write($"{logLevel} {formatter(state, exception)} {exception}");

    public bool IsEnabled(LogLevel logLevel) => File is not null;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
    }
}
