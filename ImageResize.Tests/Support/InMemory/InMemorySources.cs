using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;

namespace ImageResize.Tests.Support.InMemory;

/// <summary>Sources by name; a name's value is its bytes, or the exception that reading it throws.</summary>
internal sealed class InMemorySources : IFolderSource
{
    private readonly SortedDictionary<string, object> _contents = new(StringComparer.Ordinal);

    public object this[string source]
    {
        set => _contents[source] = value;
    }

    /// <summary>The files that listings leave out.</summary>
    public Dictionary<string, SkipReason> Skipped { get; } = [];

    /// <summary>How often each source was opened.</summary>
    public Dictionary<string, int> Opened { get; } = [];

    /// <summary>Called before a source is opened.</summary>
    public Func<string, Task> Opening { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before a source is checked for being a folder.</summary>
    public Func<string, Task> Checking { get; set; } = _ => Task.CompletedTask;

    public bool CountsQuickly { get; set; } = true;

    /// <summary>The number of sources that the last listing returned.</summary>
    public int Listed { get; private set; }

    public string Form => "a name";

    public bool CanHandle(SourceUri source) => true;

    public SourceUri Normalize(SourceUri source) => source;

    public Task<SourceKind> FindKindAsync(SourceUri source, CancellationToken cancellationToken) =>
        Task.FromResult(_contents.ContainsKey(source.Unredacted) ? SourceKind.File : SourceKind.Missing);

    public async Task<bool> IsFolderAsync(SourceUri source, CancellationToken cancellationToken)
    {
        await Checking(source.Unredacted);

        return CountsQuickly
            ? await FindKindAsync(source, cancellationToken) == SourceKind.Folder
            : source.Path.EndsWith('/');
    }

    public SourceUri PlaceThumbnail(SourceUri source, ThumbnailName name) =>
        new("", $"{SourcesOptions.ResizedPath}/{name.For(source.Path[(source.Path.LastIndexOf('/') + 1)..])}");

    public SourceUri PlaceThumbnails(SourceUri folder) => new("", SourcesOptions.ResizedPath + "/");

    public async Task<Stream> OpenAsync(SourceUri source, CancellationToken cancellationToken)
    {
        var text = source.Unredacted;
        await Opening(text);
        lock (Opened)
        {
            Opened[text] = Opened.GetValueOrDefault(text) + 1;
        }

        return _contents.GetValueOrDefault(text) switch
        {
            byte[] bytes => new MemoryStream(bytes, writable: false),
            Exception failure => throw failure,
            _ => throw new RefusedException(ErrorCode.SourceNotFound, "Image file does not exist."),
        };
    }

    public bool CanBeFolder(SourceUri source) => true;

    public IAsyncEnumerable<ListedImage> ListVersionsAsync(SourceUri folder, CancellationToken cancellationToken) =>
        ListAsync(folder, after: null, cancellationToken).Select(image => new ListedImage(image.Source, "1"));

    public async IAsyncEnumerable<FolderEntry> ListAsync(
        SourceUri folder,
        SourceUri? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        Listed = 0;
        foreach (var source in _contents.Keys.Where(source => string.CompareOrdinal(source, after?.Unredacted) > 0))
        {
            Listed++;
            yield return new FolderEntry(source.ToSource(), Skipped.GetValueOrDefault(source));
        }
    }
}
