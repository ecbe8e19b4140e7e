using ImageResize.Core.Errors;
using ImageResize.Core.Memory;
using ImageResize.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Sources;

/// <summary>Finds the kind of a source and reads it within the limits.</summary>
/// <param name="memory">For all sources in memory, and for request bodies.</param>
public sealed class SourceReader(IEnumerable<ISource> sources, IOptions<SourcesOptions> options, MemoryBudget memory)
{
    private readonly ISource[] _sources = [.. sources];

    /// <summary>Parses a source as a caller wrote it.</summary>
    /// <exception cref="RefusedException">The text is not a source, or one that must not be read.</exception>
    public SourceUri Normalize(string text)
    {
        var source = SourceUri.Parse(text);

        return GetSource(source).Normalize(source);
    }

    /// <inheritdoc cref="ISource.FindVersionAsync"/>
    public Task<string?> FindVersionAsync(SourceUri source, CancellationToken cancellationToken) =>
        GetSource(source).FindVersionAsync(source, cancellationToken);

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

    /// <exception cref="RefusedException">The source must not be read, or is a pattern.</exception>
    public async Task<bool> IsFolderAsync(SourceUri source, CancellationToken cancellationToken)
    {
        if (GetSource(source) is not IFolderSource kind)
        {
            return false;
        }

        var isFolder = await kind.IsFolderAsync(source, cancellationToken);
        if (!isFolder && HasStar(source))
        {
            RefusePattern(source, await kind.FindKindAsync(source, cancellationToken));
        }

        return isFolder;
    }

    /// <summary>Refuses a missing file with a star in its name, because its caller expects that the star stands for names.</summary>
    /// <exception cref="RefusedException">The source is a pattern.</exception>
    public static void RefusePattern(SourceUri source, SourceKind kind)
    {
        if (kind == SourceKind.Missing && HasStar(source))
        {
            throw new RefusedException(
                ErrorCode.InvalidSource,
                "No file has this name, and patterns are not supported except /** at the end: "
                + "a folder, such as a/, means its images, and a/** those of its subfolders too.");
        }
    }

    private static bool HasStar(SourceUri source) => source.Path.Contains('*', StringComparison.Ordinal);

    public async Task<Stream> OpenAsync(SourceUri source, CancellationToken cancellationToken)
    {
        using var step = MeasuredStep.ReadSource.Start(source.Kind);

        return await GetSource(source).OpenAsync(source, cancellationToken);
    }

    /// <summary>Reads a source into memory. Waits until the memory budget has room for it.</summary>
    /// <exception cref="RefusedException">The source is missing, must not be read, or is too large.</exception>
    public async Task<SourceBytes> ReadAsync(SourceUri source, MemoryTurn turn, CancellationToken cancellationToken)
    {
        using var step = MeasuredStep.ReadSource.Start(source.Kind);
        await using var stream = await GetSource(source).OpenWholeAsync(source, cancellationToken);

        return await ReadAsync(stream, turn, cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync(SourceUri, MemoryTurn, CancellationToken)"/>
    public async Task<SourceBytes> ReadAsync(Stream stream, MemoryTurn turn, CancellationToken cancellationToken)
    {
        if (stream.CanSeek)
        {
            return await SourceBytes.ReadAsync(stream, options.Value.MaxBytes, memory, turn, cancellationToken);
        }

        await using var copy = await TemporaryCopy.CreateAsync(stream, options.Value.MaxBytes, cancellationToken);

        return await SourceBytes.ReadAsync(copy, options.Value.MaxBytes, memory, turn, cancellationToken);
    }
}
