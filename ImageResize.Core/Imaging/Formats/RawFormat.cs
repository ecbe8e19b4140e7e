using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>
/// A format that libvips has no loader for. Its pixels are decoded without libvips, all at once, and resized by it. The header is in the
/// first <see cref="ImageFormats.PrefixLength"/> bytes.
/// </summary>
internal abstract class RawFormat : Format
{
    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> prefix, Stream rest) => Parse(prefix.Span);

    public override ImageHeader ReadHeader(ReadOnlyMemory<byte> file, ImageLimits limits) => Parse(file.Span);

    public override (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file)
    {
        try
        {
            return (Parse(file).Pixels, DecodedBytesPerPixel);
        }
        catch (RefusedException)
        {
            return (null, DecodedBytesPerPixel);
        }
    }

    public override Image Decode(DecodeRequest request, CancellationToken cancellationToken)
    {
        var (pixels, bands) = ReadPixels(request.File, cancellationToken);
        using var stored = Image.NewFromMemory(pixels, request.Header.Width, request.Header.Height, bands, Enums.BandFormat.Uchar);
        using var resized = Libvips.Resize(stored, request.Width, request.Height);

        return resized.CopyMemory();
    }

    /// <summary>Bytes that decoding may hold for each pixel of a usual image. Measured by bench/weights.cs.</summary>
    protected abstract int DecodedBytesPerPixel { get; }

    /// <param name="start">The file, or as many first bytes as recognizing a format needs.</param>
    /// <exception cref="RefusedException">The header is invalid, or describes an image that is not read.</exception>
    protected abstract ImageHeader ReadHeader(ReadOnlySpan<byte> start);

    /// <returns>Pixels of 8 bits a channel, top row first, and the number of channels, 1 to 4.</returns>
    /// <exception cref="RefusedException">Pixels are missing or damaged.</exception>
    protected abstract (byte[] Pixels, int Bands) ReadPixels(ReadOnlyMemory<byte> file, CancellationToken cancellationToken);

    /// <exception cref="RefusedException">The pixels do not fit into an array.</exception>
    protected static byte[] Allocate(ImageHeader header, int bands) =>
        header.Pixels * bands <= Array.MaxLength
            ? new byte[header.Pixels * bands]
            : throw ImageRefusal.TooLarge($"has {header.Width} x {header.Height} pixels", "2 GB once it is decoded");

    /// <summary>Many programs declare transparency and leave it 0, but do not mean an invisible image.</summary>
    /// <param name="rgba">Made opaque if no pixel is visible.</param>
    protected static void ShowInvisible(Span<byte> rgba)
    {
        for (var at = 3; at < rgba.Length; at += 4)
        {
            if (rgba[at] != 0)
            {
                return;
            }
        }

        for (var at = 3; at < rgba.Length; at += 4)
        {
            rgba[at] = byte.MaxValue;
        }
    }

    private ImageHeader Parse(ReadOnlySpan<byte> file) => ReadHeader(file[..Math.Min(file.Length, ImageFormats.PrefixLength)]);
}
