using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Imaging;

/// <summary>Bytes in, a size or thumbnails out. Each call keeps one thread busy; <see cref="GuardedThumbnailer"/> decides when and where.</summary>
public interface IThumbnailer
{
    /// <exception cref="RefusedException">The picture is at fault. What the stream throws goes through.</exception>
    ImageSize Measure(Stream source);

    /// <exception cref="RefusedException">The picture is at fault.</exception>
    IReadOnlyList<Thumbnail> Make(ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken);
}
