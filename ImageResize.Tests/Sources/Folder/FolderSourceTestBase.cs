using ImageResize.Core;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Sources.Folder;

/// <summary>A source of an images folder, and a folder outside it.</summary>
public abstract class FolderSourceTestBase : IDisposable
{
    private protected FolderSourceTestBase() => Source = new FolderSource(
        Options.Create(new SourcesOptions { ImagesRoot = Root.Path }),
        SourcesServiceCollectionExtensions.NewImageFileFilter(),
        TimeProvider.System);

    private protected TemporaryFolder Root { get; } = new();

    private protected TemporaryFolder Outside { get; } = new();

    private protected FolderSource Source { get; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Root.Dispose();
        Outside.Dispose();
        GC.SuppressFinalize(this);
    }

    protected SourceUri Normalize(string path) => Source.Normalize(path.ToSource());

    /// <summary>Lists the names of a folder's images.</summary>
    protected async Task<List<string>> ListAsync(string folder, SourceUri? after = null) => await Source
        .ListAsync(Normalize(folder), after, Token)
        .Where(file => file.SkipReason is null)
        .Select(file => file.Source.Path[(file.Source.Path.LastIndexOf('/') + 1)..])
        .ToListAsync(Token);

    protected async Task<byte[]> ReadAsync(string name)
    {
        await using var stream = await Source.OpenAsync(Normalize(name), Token);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Token);

        return copy.ToArray();
    }

    protected async Task<string> RefusalAsync(string name) =>
        (await Assert.ThrowsAsync<RefusedException>(async () => await Source.OpenAsync(Normalize(name), Token))).Code.Name;
}
