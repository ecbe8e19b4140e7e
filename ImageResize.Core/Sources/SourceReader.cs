using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Folder;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources;

/// <summary>Finds the kind of place a source names, and reads it within the limits.</summary>
public sealed class SourceReader(IEnumerable<ISource> places, IOptions<SourcesOptions> options)
{
    private readonly ISource[] _places = [.. places];
    private readonly SourceMemory _memory = new(options.Value.MaxBytesInMemory);

    /// <exception cref="RefusedException">No kind of place that we know.</exception>
    public ISource PlaceOf(string source) =>
        _places.FirstOrDefault(place => place.Owns(source))
        ?? throw new RefusedException(ErrorCode.InvalidSource, $"A source is a path in {FolderPath.Root}, blob://, upload://, http:// or https://");

    /// <summary>The place of a folder that was checked before.</summary>
    public IFolderSource FolderOf(string folder) => (IFolderSource)PlaceOf(folder);

    public Task<Stream> OpenAsync(string source, CancellationToken cancellationToken) =>
        PlaceOf(source).OpenAsync(source, cancellationToken);

    public async Task<SourceBytes> ReadAsync(string source, CancellationToken cancellationToken)
    {
        var room = await _memory.EnterAsync(cancellationToken);
        try
        {
            await using var stream = await PlaceOf(source).OpenWholeAsync(source, cancellationToken);

            return await SourceBytes.ReadAsync(stream, options.Value.MaxBytes, room, cancellationToken);
        }
        catch
        {
            room.Dispose();
            throw;
        }
    }
}
