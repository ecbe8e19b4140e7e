using System.Buffers.Binary;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Tga;

internal enum TgaColours
{
    Palette = 1,
    Direct = 2,
    Grey = 3,
}

/// <summary>A TGA's header (Truevision TGA File Format Specification 2.0).</summary>
/// <param name="AlphaBits">Bits of transparency in each pixel.</param>
/// <param name="PixelsAt">Position in the file.</param>
internal sealed record TgaHeader(
    int Width, int Height, TgaColours Colours, bool IsRunLength, int BitsPerPixel, int AlphaBits, int PixelsAt)
{
    private const int Length = 18;
    private const int RunLength = 8;
    private const int MaxColours = 256;

    /// <summary>The kind of TGA that this is if it is one that is not read, with its article; otherwise null.</summary>
    public string? UnsupportedKind { get; private init; }

    /// <summary>Whether pixels have an alpha channel: by the header, or in the palette.</summary>
    public bool HasAlpha { get; private init; }

    public int BytesPerPixel => (BitsPerPixel + 7) / 8;

    public ImageHeader Header => new(Width, Height, BytesPerPixel: HasAlpha ? 8 : 6);

    /// <summary>
    /// A TGA has no signature. So each field of the header has to have a value that writers use, and those that an image without a palette
    /// leaves empty have to be 0.
    /// </summary>
    /// <returns>Null if the bytes are not the start of a TGA.</returns>
    public static TgaHeader? Find(ReadOnlySpan<byte> start)
    {
        if (start.Length < Length || start[2] is not ((>= 1 and <= 3) or (>= 9 and <= 11)))
        {
            return null;
        }

        var colours = (TgaColours)(start[2] % RunLength);
        var (bits, descriptor) = (start[16], start[17]);
        var (first, entries, entryBits) = (Short(start, 3), Short(start, 5), (int)start[7]);
        var isPaletteValid = colours == TgaColours.Palette
            ? start[1] == 1 && entries is >= 1 and <= MaxColours && first < MaxColours && entryBits is 8 or 15 or 16 or 24 or 32
            : start[1] == 0 && (first | entries | entryBits) == 0;
        var areBitsValid = colours == TgaColours.Direct ? bits is 15 or 16 or 24 or 32 : bits is 8 or 16;
        var (width, height, alphaBits) = (Short(start, 12), Short(start, 14), descriptor & 0x0F);
        if (!isPaletteValid || !areBitsValid || width == 0 || height == 0 || alphaBits > 8 || descriptor >= 0x40)
        {
            return null;
        }

        var hasAlpha = colours == TgaColours.Palette ? entryBits == 32 || (entryBits == 16 && alphaBits > 0) : alphaBits > 0 && bits != 24;
        var pixelsAt = Length + start[0] + (entries * ((entryBits + 7) / 8));
        return new TgaHeader(width, height, colours, start[2] > RunLength, bits, alphaBits, pixelsAt)
        {
            HasAlpha = hasAlpha,
            UnsupportedKind = FindUnsupportedKind(colours, bits, alphaBits, first, entryBits),
        };
    }

    /// <summary>Kinds that ImageSharp decodes wrong.</summary>
    private static string? FindUnsupportedKind(TgaColours colours, int bits, int alphaBits, int first, int entryBits) =>
        (colours, bits) switch
        {
            (TgaColours.Palette, 16) => "a TGA with 16 bits for each index",
            (TgaColours.Palette, _) when first > 0 => "a TGA with a part of a palette",
            (TgaColours.Palette, _) when entryBits is 8 or 15 => $"a TGA with {entryBits} bits for each colour of its palette",
            (TgaColours.Grey, 16) when alphaBits != 8 => "a TGA with 16 bits of grey",
            _ when alphaBits is not (0 or 1 or 8) => $"a TGA with {alphaBits} bits of transparency",
            _ => null,
        };

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
