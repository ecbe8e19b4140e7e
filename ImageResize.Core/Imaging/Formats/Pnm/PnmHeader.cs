using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Pnm;

/// <summary>The header of a PBM (P1, P4), PGM (P2, P5) or PPM (P3, P6), as netpbm describes them.</summary>
/// <param name="Bands">Channels, 1 or 3.</param>
/// <param name="MaxValue">The value of white; 1 if each pixel is a bit.</param>
/// <param name="IsText">Whether values are written as digits.</param>
/// <param name="PixelsAt">Position in the file.</param>
internal sealed record PnmHeader(int Width, int Height, int Bands, int MaxValue, bool IsText, int PixelsAt)
{
    private const int SignatureLength = 2;

    /// <summary>Whether a pixel is a bit, and 1 is black.</summary>
    public bool IsBitmap { get; private init; }

    /// <summary>Of a value that is not text.</summary>
    public int BytesPerValue => MaxValue > byte.MaxValue ? 2 : 1;

    public ImageHeader Header => new(Width, Height, BytesPerPixel: Bands);

    /// <summary>Texts can begin with "P1", so a number must follow.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) =>
        start is [(byte)'P', >= (byte)'1' and <= (byte)'6', ..] && new PnmText(start) { Position = SignatureLength }.IsAtNumber();

    /// <exception cref="RefusedException">The header is invalid, or longer than these bytes.</exception>
    public static PnmHeader Parse(ReadOnlySpan<byte> start)
    {
        var kind = start[1] - '0';
        var isBitmap = kind is 1 or 4;
        var text = new PnmText(start) { Position = SignatureLength };
        var maxValue = 1;
        if (!text.TryReadNumber(out var width)
            || !text.TryReadNumber(out var height)
            || (!isBitmap && !text.TryReadNumber(out maxValue))
            || !text.TrySkipOneSpace()
            || width == 0
            || height == 0
            || maxValue is 0 or > ushort.MaxValue)
        {
            throw ImageRefusal.NotAnImage();
        }

        return new PnmHeader(width, height, kind is 3 or 6 ? 3 : 1, maxValue, IsText: kind <= 3, text.Position) { IsBitmap = isBitmap };
    }
}
