using System.Buffers.Binary;
using System.Numerics;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Bmp;

internal enum BmpCompression
{
    None = 0,
    RunLength8 = 1,
    RunLength4 = 2,
    BitFields = 3,
    Jpeg = 4,
    Png = 5,
    AlphaBitFields = 6,
}

/// <summary>The red, green, blue and alpha bits of a 16 or 32 bit pixel; alpha is 0 when there is none.</summary>
internal readonly record struct BmpMasks(uint Red, uint Green, uint Blue, uint Alpha)
{
    /// <summary>Whether a pixel is a byte each of blue, green and red, and of alpha if there is one.</summary>
    public bool AreBytes => this with { Alpha = 0 } == new BmpMasks(0xFF0000, 0x00FF00, 0x0000FF, 0) && Alpha is 0 or 0xFF000000;
}

/// <summary>A BMP's two headers, Windows 3 to 5 or OS/2. A header that contradicts itself is refused.</summary>
/// <param name="TopDown">Whether the first row stored is the top row.</param>
/// <param name="PaletteAt">Position in the file.</param>
/// <param name="PaletteEntrySize">In bytes.</param>
/// <param name="PaletteLength">In entries.</param>
/// <param name="PixelsAt">Position in the file.</param>
internal sealed record BmpHeader(
    int Width,
    int Height,
    bool TopDown,
    int BitsPerPixel,
    BmpCompression Compression,
    BmpMasks Masks,
    int PaletteAt,
    int PaletteEntrySize,
    int PaletteLength,
    int PixelsAt)
{
    private const int FileHeaderLength = 14;
    private const int CoreLength = 12;
    private const int InfoLength = 40;
    private const int MasksAt = FileHeaderLength + InfoLength;

    /// <summary>Whether the pixels are stored as BMP, and not as a JPEG or PNG or in another compression of OS/2.</summary>
    public bool IsSupported { get; private init; } = true;

    /// <summary>Channels of the decoded image.</summary>
    public int Bands => Masks.Alpha == 0 ? 3 : 4;

    public ImageHeader Header => new(Width, Height, BytesPerPixel: Bands);

    /// <summary>Texts can begin with "BM", so a header of a known length must follow.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) =>
        start.Length >= FileHeaderLength + CoreLength
        && start.StartsWith("BM"u8)
        && Int(start, FileHeaderLength) is CoreLength or 16 or InfoLength or 52 or 56 or 64 or 108 or 124;

    /// <exception cref="RefusedException">The header contradicts itself.</exception>
    public static BmpHeader Parse(ReadOnlySpan<byte> start)
    {
        var length = Int(start, FileHeaderLength);
        if (start.Length < FileHeaderLength + length)
        {
            throw ImageRefusal.NotAnImage();
        }

        return length == CoreLength ? ParseCore(start) : ParseInfo(start, length);
    }

    private static BmpHeader ParseCore(ReadOnlySpan<byte> start)
    {
        var bits = Short(start, 24);
        return Checked(new BmpHeader(
            Short(start, 18), Short(start, 20), TopDown: false, bits, BmpCompression.None, MasksFor(bits),
            FileHeaderLength + CoreLength, PaletteEntrySize: 3, PaletteLengthFor(bits, used: 0), Int(start, 10)));
    }

    private static BmpHeader ParseInfo(ReadOnlySpan<byte> start, int length)
    {
        var height = Int(start, 22);
        var bits = Short(start, 28);
        var compression = length >= InfoLength ? (BmpCompression)Int(start, 30) : BmpCompression.None;
        if (compression is BmpCompression.Jpeg or BmpCompression.Png || (length == 64 && compression == BmpCompression.BitFields))
        {
            return new BmpHeader(0, 0, TopDown: false, bits, compression, default, 0, 0, 0, 0) { IsSupported = false };
        }

        // Masks follow the 40 byte header or are the next fields of a longer one, at the same position.
        var hasMasks = compression is BmpCompression.BitFields or BmpCompression.AlphaBitFields;
        var hasAlphaMask = hasMasks && (length >= 56 || compression == BmpCompression.AlphaBitFields);
        var masksLength = !hasMasks || length > InfoLength ? 0 : hasAlphaMask ? 16 : 12;
        if (hasMasks && start.Length < MasksAt + (hasAlphaMask ? 16 : 12))
        {
            throw ImageRefusal.NotAnImage();
        }

        var masks = hasMasks
            ? new BmpMasks(
                UInt(start, MasksAt), UInt(start, MasksAt + 4), UInt(start, MasksAt + 8), hasAlphaMask ? UInt(start, MasksAt + 12) : 0)
            : MasksFor(bits);

        return Checked(new BmpHeader(
            Int(start, 18), height == int.MinValue ? 0 : Math.Abs(height), height < 0, bits, compression, masks,
            FileHeaderLength + length + masksLength, PaletteEntrySize: 4,
            PaletteLengthFor(bits, length >= InfoLength ? UInt(start, 46) : 0), Int(start, 10)));
    }

    private static BmpHeader Checked(BmpHeader header)
    {
        var bitsFit = header.Compression switch
        {
            BmpCompression.None => header.BitsPerPixel is 1 or 2 or 4 or 8 or 16 or 24 or 32,
            BmpCompression.RunLength8 => header.BitsPerPixel == 8 && !header.TopDown,
            BmpCompression.RunLength4 => header.BitsPerPixel == 4 && !header.TopDown,
            BmpCompression.BitFields or BmpCompression.AlphaBitFields => header.BitsPerPixel is 16 or 32 && AreMasksValid(header.Masks),
            _ => false,
        };

        return bitsFit && header.Width > 0 && header.Height > 0 && header.PixelsAt >= header.PaletteAt
            ? header
            : throw ImageRefusal.NotAnImage();
    }

    private static bool AreMasksValid(BmpMasks masks) =>
        (masks.Red | masks.Green | masks.Blue) != 0
        && IsContiguous(masks.Red) && IsContiguous(masks.Green) && IsContiguous(masks.Blue) && IsContiguous(masks.Alpha);

    private static bool IsContiguous(uint mask) =>
        BitOperations.PopCount(mask) + BitOperations.TrailingZeroCount(mask) + BitOperations.LeadingZeroCount(mask) is 32 or 64;

    private static BmpMasks MasksFor(int bits) =>
        bits == 16 ? new BmpMasks(0x7C00, 0x03E0, 0x001F, 0) : new BmpMasks(0xFF0000, 0x00FF00, 0x0000FF, 0);

    private static int PaletteLengthFor(int bits, uint used) =>
        bits > 8 ? 0 : used == 0 ? 1 << bits : (int)Math.Min(used, 1u << bits);

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static uint UInt(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
