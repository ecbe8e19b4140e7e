using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging;

/// <summary>Measures images and makes thumbnails. Each call keeps one thread busy.</summary>
public interface IThumbnailer
{
    /// <exception cref="RefusedException">The image is at fault. Exceptions of the stream pass through.</exception>
    ImageSize Measure(Stream source);

    /// <exception cref="RefusedException">The header shows that the thumbnails take too long together.</exception>
    void CheckTime(ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs)
    {
        // Without a limit by default.
    }

    /// <summary>Makes thumbnails with managed code only, which can't crash the process.</summary>
    /// <returns>Null if that is not possible for this source or these specs.</returns>
    IReadOnlyList<Thumbnail>? TryMakeManaged(
        ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken) => null;

    /// <exception cref="RefusedException">The image is at fault.</exception>
    IReadOnlyList<Thumbnail> Make(ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken);
}
