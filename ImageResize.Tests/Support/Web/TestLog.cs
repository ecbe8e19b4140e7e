using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Support.Web;

/// <summary>Stores every line of every level.</summary>
internal sealed class TestLog<T> : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{formatter(state, exception)} {exception}");

    public bool IsEnabled(LogLevel level) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
