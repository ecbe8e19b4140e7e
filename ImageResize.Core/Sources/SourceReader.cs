using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources;

/// <summary>Finds the kind of a source and reads it within the limits.</summary>
public sealed class SourceReader(IEnumerable<ISource> sources, IOptions<SourcesOptions> options)
{
    private readonly ISource[] _sources = [.. sources];
    private readonly SourceMemory _memory = new(options.Value.MaxBytesInMemory);

    /// <summary>Parses a source as a caller wrote it.</summary>
    /// <exception cref="RefusedException">The text is not a source, or one that must not be read.</exception>
    public SourceUri Normalize(string text)
    {
        var source = SourceUri.Parse(text);

        return GetSource(source).Normalize(source);
    }

    /// <exception cref="RefusedException">The source is of no known kind.</exception>
    public ISource GetSource(SourceUri source) =>
        Array.Find(_sources, kind => kind.CanHandle(source))
        ?? throw new RefusedException(
            ErrorCode.InvalidSource,
            $"A source is one of: {string.Join(", ", _sources.Select(kind => kind.Form))}");

    public IFolderSource GetFolderSource(SourceUri folder) => (IFolderSource)GetSource(folder);

    /// <summary>Returns <see cref="SourceKind.File"/> for sources without folders, which need not exist.</summary>
    /// <exception cref="RefusedException">The source must not be read.</exception>
    public async Task<SourceKind> FindKindAsync(SourceUri source, CancellationToken cancellationToken) =>
        GetSource(source) is IFolderSource kind ? await kind.FindKindAsync(source, cancellationToken) : SourceKind.File;

    /// <exception cref="RefusedException">The source must not be read.</exception>
    public async Task<bool> IsFolderAsync(SourceUri source, CancellationToken cancellationToken) =>
        GetSource(source) is IFolderSource kind && await kind.IsFolderAsync(source, cancellationToken);

    public Task<Stream> OpenAsync(SourceUri source, CancellationToken cancellationToken) =>
        GetSource(source).OpenAsync(source, cancellationToken);

    public async Task<SourceBytes> ReadAsync(SourceUri source, CancellationToken cancellationToken)
    {
        var room = await _memory.EnterAsync(cancellationToken);
        try
        {
            await using var stream = await GetSource(source).OpenWholeAsync(source, cancellationToken);

            return await SourceBytes.ReadAsync(stream, options.Value.MaxBytes, room, cancellationToken);
        }
        catch
        {
            room.Dispose();
            throw;
        }
    }
}
