namespace ImageResize.Core.Imaging;
public sealed class Thumbnailer
{
    public ImageSize Measure(Stream source) => throw new NotImplementedException();
    public IReadOnlyList<Thumbnail> Make(ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken) => throw new NotImplementedException();
}
