using System.Runtime.InteropServices;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Vips;

namespace ImageResize.Core.Imaging;

/// <summary>The work to do on one image.</summary>
/// <param name="Specs">One for each thumbnail; empty if the image is only measured.</param>
public sealed record ImageWork(bool Measure, IReadOnlyList<ThumbnailSpec> Specs)
{
    /// <summary>Thumbnails of the same image that are made after this work. If all together take too long, none is made.</summary>
    public IReadOnlyList<ThumbnailSpec> LaterSpecs { get; init; } = [];

    internal ImageWorkResult Run(IThumbnailer thumbnailer, ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        if (LaterSpecs.Count > 0)
        {
            thumbnailer.CheckTime(source, [.. Specs, .. LaterSpecs]);
        }

        return new ImageWorkResult(
            Measure ? thumbnailer.Measure(OpenStream(source)) : null,
            Specs.Count == 0 ? [] : thumbnailer.Make(source, Specs, cancellationToken));
    }

    /// <returns>Null if managed code can't do all of the work.</returns>
    internal ImageWorkResult? TryRunManaged(IThumbnailer thumbnailer, ReadOnlyMemory<byte> source, CancellationToken cancellationToken) =>
        LaterSpecs.Count == 0 && Specs.Count > 0 && thumbnailer.TryMakeManaged(source, Specs, cancellationToken) is { } thumbnails
            ? new ImageWorkResult(Measure ? thumbnailer.Measure(OpenStream(source)) : null, thumbnails)
            : null;

    private static Stream OpenStream(ReadOnlyMemory<byte> source) =>
        MemoryMarshal.TryGetArray(source, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : MemoryMarshal.TryGetMemoryManager(source, out MappedSource? mapped) ? mapped.OpenStream()
        : new MemoryStream(source.ToArray(), writable: false);
}

/// <param name="Size">Null if it was not asked for.</param>
/// <param name="Thumbnails">In the order of the specs.</param>
public sealed record ImageWorkResult(ImageSize? Size, IReadOnlyList<Thumbnail> Thumbnails);
