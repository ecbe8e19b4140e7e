using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;

namespace ImageResize.Tests.Support;

/// <summary>Sources by name; a name's value is its bytes, or the exception that reading it throws.</summary>
internal sealed class InMemorySources : IFolderSource
{
    private readonly SortedDictionary<string, object> _contents = new(StringComparer.Ordinal);

    public object this[string source]
    {
        set => _contents[source] = value;
    }

    /// <summary>How often each source was opened.</summary>
    public Dictionary<string, int> Opened { get; } = [];

    /// <summary>Called before a source is opened.</summary>
    public Func<string, Task> Opening { get; set; } = _ => Task.CompletedTask;

    public bool CountsQuickly { get; set; } = true;

    /// <summary>How many sources the last listing gave.</summary>
    public int Listed { get; private set; }

    public bool Owns(string source) => true;

    public string Check(string source) => source;

    public Task<PlaceKind> LookAsync(string source, CancellationToken cancellationToken) =>
        Task.FromResult(_contents.ContainsKey(source) ? PlaceKind.File : PlaceKind.Missing);

    public async Task<Stream> OpenAsync(string source, CancellationToken cancellationToken)
    {
        await Opening(source);
        lock (Opened)
        {
            Opened[source] = Opened.GetValueOrDefault(source) + 1;
        }

        return _contents.GetValueOrDefault(source) switch
        {
            byte[] bytes => new MemoryStream(bytes, writable: false),
            Exception failure => throw failure,
            _ => throw new RefusedException(ErrorCode.SourceNotFound, "Image file does not exist."),
        };
    }

    public async IAsyncEnumerable<string> ListAsync(
        string folder,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        Listed = 0;
        foreach (var source in _contents.Keys.Where(source => string.CompareOrdinal(source, after) > 0))
        {
            Listed++;
            yield return source;
        }
    }
}
