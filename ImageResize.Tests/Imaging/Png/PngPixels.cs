using System.Buffers.Binary;
using ImageResize.Core.Imaging.Png;
using ImageResize.Core.Imaging.Png.Chunks;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Tests.Imaging.Png;

/// <summary>All pixels of a PNG, by our decoder and by libvips.</summary>
internal sealed class PngPixels : IRowReceiver, IDisposable
{
    private readonly PngImage _image;
    private readonly MemoryStream _pixels = new();
    private bool _isSound = true;

    private PngPixels(PngImage image) => _image = image;

    /// <returns>Null if it is left to libvips.</returns>
    public static byte[]? Decode(ReadOnlySpan<byte> png)
    {
        var decoder = new PngDecoder();
        if (!decoder.TryReadHeader(png))
        {
            return null;
        }

        using var pixels = new PngPixels(decoder.Image);
        var isDecoded = decoder.TryDecode(png, [pixels], TestContext.Current.CancellationToken);
        return isDecoded && pixels._isSound ? pixels._pixels.ToArray() : null;
    }

    /// <summary>A palette's colors have an opacity if one of them is transparent.</summary>
    public static byte[] DecodeWithLibvips(byte[] png)
    {
        Libvips.AllowLoader("Png");
        using var image = Image.PngloadBuffer(png, failOn: Enums.FailOn.Error);
        return image.WriteToMemory<byte>();
    }

    public void Dispose() => _pixels.Dispose();

    public void Add(ReadOnlySpan<byte> row)
    {
        row = row[.._image.RowBytes];
        if (_image.ColorType != PngColorType.Palette)
        {
            _pixels.Write(row);
            return;
        }

        var channels = _image.HasOpacity ? 4 : 3;
        Span<byte> color = stackalloc byte[4];
        foreach (var index in row)
        {
            _isSound &= index < _image.Palette.Length;
            BinaryPrimitives.WriteUInt32LittleEndian(color, _isSound ? _image.Palette[index] : 0);
            _pixels.Write(color[..channels]);
        }
    }
}
