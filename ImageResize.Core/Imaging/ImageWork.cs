using System.Runtime.InteropServices;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging;

/// <summary>What is wanted of one picture.</summary>
/// <param name="Specs">A thumbnail for each; none when only the size is wanted.</param>
public sealed record ImageWork(bool Measure, IReadOnlyList<ThumbnailSpec> Specs)
{
    internal ImageWorkResult Do(IThumbnailer thumbnailer, ReadOnlyMemory<byte> source, CancellationToken cancellationToken) => new(
        Measure ? thumbnailer.Measure(StreamOver(source)) : null,
        Specs.Count == 0 ? [] : thumbnailer.Make(source, Specs, cancellationToken));

    private static MemoryStream StreamOver(ReadOnlyMemory<byte> source) => MemoryMarshal.TryGetArray(source, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(source.ToArray(), writable: false);
}

/// <param name="Size">None when it was not asked for.</param>
/// <param name="Thumbnails">In the order of what was asked for.</param>
public sealed record ImageWorkResult(ImageSize? Size, IReadOnlyList<Thumbnail> Thumbnails);
