using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ImageResize.Core.Imaging.Png.Chunks;
using ImageResize.Core.Imaging.Png.Rows;

namespace ImageResize.Core.Imaging.Png.Scaling;

/// <summary>
/// Makes pixels opaque: of one byte for gray, three for RGB, else of four whose last one has no meaning. Means of pixels over a background
/// are the means of the pixels over it, so it can be put behind them before they are resized.
/// </summary>
internal sealed class PixelRow
{
    private const uint Opaque = 0xFF00_0000;

    private readonly uint[] _palette = new uint[256];
    private byte[] _pixels = [];
    private PngColorType _colorType;
    private int _width;
    private int _paletteLength;
    private uint _background;

    public int PixelBytes => _colorType switch
    {
        PngColorType.Gray or PngColorType.GrayAlpha => 1,
        PngColorType.Rgb => 3,
        _ => 4,
    };

    /// <param name="background">With red in the lowest byte.</param>
    public void Prepare(PngImage image, uint background)
    {
        (_colorType, _width, _background, _paletteLength) = (image.ColorType, image.Width, background, image.Palette.Length);
        if (_pixels.Length < (4 * _width) + RowFilter.Padding)
        {
            _pixels = GC.AllocateUninitializedArray<byte>((4 * _width) + RowFilter.Padding);
        }

        for (var index = 0; index < _paletteLength; index++)
        {
            _palette[index] = Flatten(image.Palette[index]);
        }
    }

    /// <param name="row">Pixels as stored, and padding.</param>
    /// <param name="pixels">The opaque pixels, and padding. Valid until the next call.</param>
    /// <returns>Whether all colors of a palette exist.</returns>
    public bool TryRead(ReadOnlySpan<byte> row, out ReadOnlySpan<byte> pixels)
    {
        pixels = _pixels;
        switch (_colorType)
        {
            case PngColorType.Palette:
                return TryFindColors(row[.._width]);
            case PngColorType.GrayAlpha:
                FlattenGray(row[..(2 * _width)]);
                return true;
            case PngColorType.Rgba:
                Flatten(row);
                return true;
            default:
                pixels = row;
                return true;
        }
    }

    private bool TryFindColors(ReadOnlySpan<byte> row)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(_pixels.AsSpan(0, 4 * _width));
        var most = 0;
        for (var column = 0; column < row.Length; column++)
        {
            most = Math.Max(most, row[column]);
            pixels[column] = _palette[row[column]];
        }

        return most < _paletteLength;
    }

    private void FlattenGray(ReadOnlySpan<byte> row)
    {
        for (var at = 0; at < row.Length; at += 2)
        {
            _pixels[at / 2] = (byte)Mix(row[at], _background & 0xFF, row[at + 1]);
        }
    }

    /// <summary>Four pixels per vector. The last ones may be padding.</summary>
    private void Flatten(ReadOnlySpan<byte> row)
    {
        var alphas = Vector128.Create(3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, (byte)15);
        var behind = Vector128.Widen(Vector128.Create(_background).AsByte()).Lower;
        for (var at = 0; at < 4 * _width; at += Vector128<byte>.Count)
        {
            var pixels = Vector128.Create(row[at..]);
            if ((pixels.AsUInt32() | Vector128.Create(~Opaque)) != Vector128<uint>.AllBitsSet)
            {
                var alpha = Vector128.ShuffleNative(pixels, alphas);
                var (low, high) = Vector128.Widen(pixels);
                var (lowAlpha, highAlpha) = Vector128.Widen(alpha);
                pixels = Vector128.Narrow(Mix(low, behind, lowAlpha), Mix(high, behind, highAlpha));
            }

            pixels.CopyTo(_pixels.AsSpan(at));
        }
    }

    private static Vector128<ushort> Mix(Vector128<ushort> color, Vector128<ushort> behind, Vector128<ushort> alpha)
    {
        var sum = (color * alpha) + (behind * (Vector128.Create((ushort)255) - alpha)) + Vector128.Create((ushort)128);
        return (sum + (sum >> 8)) >> 8;
    }

    private uint Flatten(uint pixel)
    {
        var alpha = pixel >> 24;
        return Mix(pixel & 0xFF, _background & 0xFF, alpha)
            | (Mix((pixel >> 8) & 0xFF, (_background >> 8) & 0xFF, alpha) << 8)
            | (Mix((pixel >> 16) & 0xFF, (_background >> 16) & 0xFF, alpha) << 16);
    }

    private static uint Mix(uint color, uint behind, uint alpha)
    {
        var sum = (color * alpha) + (behind * (255 - alpha)) + 128;
        return (sum + (sum >> 8)) >> 8;
    }
}
