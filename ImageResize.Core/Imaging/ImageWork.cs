using System.Runtime.InteropServices;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging;

/// <summary>The work to do on one image.</summary>
/// <param name="Specs">One for each thumbnail; empty if the image is only measured.</param>
public sealed record ImageWork(bool Measure, IReadOnlyList<ThumbnailSpec> Specs)
{
    internal ImageWorkResult Run(IThumbnailer thumbnailer, ReadOnlyMemory<byte> source, CancellationToken cancellationToken) => new(
        Measure ? thumbnailer.Measure(OpenStream(source)) : null,
        Specs.Count == 0 ? [] : thumbnailer.Make(source, Specs, cancellationToken));

    private static MemoryStream OpenStream(ReadOnlyMemory<byte> source) => MemoryMarshal.TryGetArray(source, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(source.ToArray(), writable: false);
}

/// <param name="Size">Null if it was not asked for.</param>
/// <param name="Thumbnails">In the order of the specs.</param>
public sealed record ImageWorkResult(ImageSize? Size, IReadOnlyList<Thumbnail> Thumbnails);
