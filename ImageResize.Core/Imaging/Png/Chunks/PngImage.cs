using System.Buffers.Binary;
using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Png.Chunks;

/// <summary>How a PNG stores its pixels. Kept for the next image.</summary>
internal sealed class PngImage
{
    /// <summary>Before the data and after it. With more, other code decides whether the file is refused.</summary>
    private const int MaxChunks = 500;

    /// <summary>Larger than any image that is decoded, and small enough for bytes of a row to be an int.</summary>
    private const int MaxSide = 1 << 24;

    private const int HeaderLength = 13;
    private const byte BitDepth = 8;

    private readonly uint[] _palette = new uint[256];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public int Width { get; private set; }

    public int Height { get; private set; }

    public PngColorType ColorType { get; private set; }

    /// <summary>Bytes of a pixel as stored.</summary>
    public int PixelBytes => ColorType switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GrayAlpha => 2,
        PngColorType.Rgba => 4,
        _ => 1,
    };

    public int RowBytes => Width * PixelBytes;

    public bool IsGray => ColorType is PngColorType.Gray or PngColorType.GrayAlpha;

    /// <summary>The colors of a palette, with red in the lowest byte and opacity in the highest.</summary>
    public ReadOnlySpan<uint> Palette => _palette.AsSpan(0, PaletteLength);

    /// <summary>Whether the palette has opacities.</summary>
    public bool HasOpacity { get; private set; }

    private int PaletteLength { get; set; }

    /// <summary>Reads up to the first chunk of data. False if the file is not one that the decoder supports.</summary>
    public bool TryRead(ReadOnlySpan<byte> png, ref PngChunks chunks)
    {
        if (!png.StartsWith(Signature) || !chunks.TryRead() || !chunks.Name.SequenceEqual("IHDR"u8) || !TryReadHeader(chunks.Content))
        {
            return false;
        }

        (PaletteLength, HasOpacity) = (0, false);
        for (var count = 1; count < MaxChunks && chunks.TryRead(); count++)
        {
            if (chunks.Name.SequenceEqual("IDAT"u8))
            {
                return ColorType != PngColorType.Palette || PaletteLength > 0;
            }

            if (chunks.Name.SequenceEqual("PLTE"u8) ? !TryReadPalette(chunks.Content)
                : chunks.Name.SequenceEqual("tRNS"u8) ? !TryReadOpacity(chunks.Content)
                : !CanIgnore(chunks.Name, chunks.Content))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Reads the chunks after the data.</summary>
    public static bool TryReadEnd(ref PngChunks chunks)
    {
        for (var count = 1; count < MaxChunks; count++)
        {
            if (chunks.Name.SequenceEqual("IEND"u8))
            {
                return chunks.IsAtEnd;
            }

            if (!CanIgnore(chunks.Name, chunks.Content) || !chunks.TryRead())
            {
                return false;
            }
        }

        return false;
    }

    private bool TryReadHeader(ReadOnlySpan<byte> content)
    {
        if (content.Length != HeaderLength)
        {
            return false;
        }

        (Width, Height) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content[4..]));
        ColorType = (PngColorType)content[9];

        // Not compressed in another way, filtered in another way, or interlaced.
        return Width is > 0 and <= MaxSide
            && Height is > 0 and <= MaxSide
            && content[8] == BitDepth
            && Enum.IsDefined(ColorType)
            && content[10..].IndexOfAnyExcept((byte)0) < 0;
    }

    private bool TryReadPalette(ReadOnlySpan<byte> content)
    {
        if (ColorType != PngColorType.Palette || PaletteLength > 0 || content.Length is 0 or > 768 || content.Length % 3 != 0)
        {
            return false;
        }

        PaletteLength = content.Length / 3;
        for (var index = 0; index < PaletteLength; index++)
        {
            var color = content[(3 * index)..];
            _palette[index] = color[0] | ((uint)color[1] << 8) | ((uint)color[2] << 16) | 0xFF00_0000;
        }

        return true;
    }

    private bool TryReadOpacity(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || content.Length > PaletteLength || HasOpacity)
        {
            return false;
        }

        HasOpacity = true;
        for (var index = 0; index < content.Length; index++)
        {
            _palette[index] = (_palette[index] & 0xFF_FFFF) | ((uint)content[index] << 24);
        }

        return true;
    }

    /// <summary>
    /// Chunks that describe no pixels, or colors, which the caller has read. Those with a profile, an animation or an orientation are left
    /// to libvips, as are unknown ones that a decoder must know.
    /// </summary>
    private static bool CanIgnore(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        const byte Ancillary = 0x20;
        return (name[0] & Ancillary) != 0
            && !name.SequenceEqual("iCCP"u8)
            && !name.SequenceEqual("acTL"u8)
            && !name.SequenceEqual("fcTL"u8)
            && !name.SequenceEqual("fdAT"u8)
            && !name.SequenceEqual("tRNS"u8)
            && (!name.SequenceEqual("eXIf"u8) || ExifBlock.FindOrientation(content) is null or 1);
    }
}
