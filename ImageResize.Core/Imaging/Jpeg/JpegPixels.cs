using System.Buffers;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>An upright picture of 8-bit grey or sRGB pixels, row by row without gaps. Its memory goes back to a pool.</summary>
internal sealed class JpegPixels(int width, int height, int channels) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(width * height * channels);

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public int Channels { get; } = channels;

    public Memory<byte> Bytes => _bytes.AsMemory(0, Math.Min(_bytes.Length, Width * Height * Channels));

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
