using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Metadata;
using NetVips;

namespace ImageResize.Core.Imaging.Formats;

/// <summary>An image format: how its files are recognized, measured, decoded and written.</summary>
internal abstract class Format
{
    public ImageFormat Id { get; init; }

    /// <summary>The name in messages, for example "JPEG".</summary>
    public abstract string Name { get; }

    public abstract string ContentType { get; }

    /// <summary>With the dot, in lower case. Files that are written get the first one.</summary>
    public abstract IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether callers can ask for thumbnails in this format. Each format is written for thumbnails of its own sources.</summary>
    public virtual bool IsOutputChoice => false;

    public virtual bool CanAnimate => false;

    public virtual bool HasTransparency => true;

    /// <summary>Whether files can have one grey channel with a profile for it.</summary>
    public virtual bool HasGreyProfiles => false;

    /// <summary>The largest width and height that files can have, in pixels.</summary>
    public virtual int MaxWrittenSide => int.MaxValue;

    /// <summary>Whether other files can begin like this format. Formats that are recognized with certainty are tried first.</summary>
    public virtual bool IsSignatureWeak => false;

    /// <summary>Bytes that writing may hold for each pixel. Measured by bench/weights.cs.</summary>
    public virtual int BytesPerWrittenPixel => 16;

    /// <summary>Processor seconds that decoding takes at least. Measured by bench/costs.cs.</summary>
    public abstract double SecondsPerDecodedMegapixel { get; }

    /// <summary>Processor seconds that writing takes at least, for pixels that are easy to compress. Measured by bench/costs.cs.</summary>
    public abstract double SecondsPerWrittenMegapixel { get; }

    /// <summary>
    /// Processor seconds that writing can take for noise, if it cannot be canceled; 0 if it can. Measured by bench/costs.cs.
    /// </summary>
    public virtual double UninterruptedSecondsPerMegapixel => 0;

    /// <param name="start">The first bytes of a file, up to <see cref="ImageFormats.PrefixLength"/>.</param>
    public abstract bool Matches(ReadOnlySpan<byte> start);

    /// <summary>Whether a file of this format is of a kind that is refused, as far as its first bytes tell.</summary>
    public virtual bool IsUnsupportedKind(ReadOnlySpan<byte> start) => false;

    /// <summary>Reads the header of a stream: forward, no further than the header, and seeking if the stream can.</summary>
    /// <param name="prefix">The stream's first bytes, already read.</param>
    /// <param name="rest">Positioned after the prefix.</param>
    /// <exception cref="RefusedException">The header is invalid. Exceptions of the stream pass through.</exception>
    public abstract ImageHeader ReadHeader(ReadOnlyMemory<byte> prefix, Stream rest);

    /// <summary>Reads everything that decoding needs to know from a whole file.</summary>
    /// <exception cref="RefusedException">The header is invalid, or the image is too large.</exception>
    public abstract ImageHeader ReadHeader(ReadOnlyMemory<byte> file, ImageLimits limits);

    /// <summary>
    /// Pixels of one frame and bytes that decoding may hold for each, by what the file declares, before any decoder reads it. Null pixels
    /// if they cannot be found. Measured by bench/weights.cs.
    /// </summary>
    public abstract (long? Pixels, int BytesPerPixel) EstimateMemory(ReadOnlySpan<byte> file);

    /// <summary>How often the file's bytes may be in memory besides the source itself while it is decoded.</summary>
    public virtual int CopiesOfFile => 0;

    /// <summary>Changes a file before it is read.</summary>
    public virtual ReadOnlyMemory<byte> Prepare(ReadOnlyMemory<byte> file) => file;

    /// <returns>The image in memory: resized, 8 bits a channel, sRGB unless its profile is kept, not yet upright.</returns>
    /// <exception cref="RefusedException">The pixels cannot be decoded.</exception>
    public abstract Image Decode(DecodeRequest request, CancellationToken cancellationToken);

    public virtual Copyright? FindCopyright(ReadOnlyMemory<byte> file) => null;

    /// <summary>An exception means a fault of this program, not of the image.</summary>
    public abstract byte[] Encode(Image image, EncodeOptions options);
}

/// <param name="Width">Of the result as stored, in pixels.</param>
/// <param name="Height">Of the result as stored, in pixels.</param>
/// <param name="Frames">Frames to decode, from the first.</param>
/// <param name="KeepProfile">Keeps the colours and the profile that describes them. CMYK is converted anyway.</param>
internal sealed record DecodeRequest(ReadOnlyMemory<byte> File, ImageHeader Header, int Width, int Height, int Frames, bool KeepProfile)
{
    /// <summary>How much smaller the result is than the image.</summary>
    public double Shrink => Math.Min((double)Header.Width / Width, (double)Header.Height / Height);

    public ColourConversion Conversion =>
        KeepProfile && Header.Conversion != ColourConversion.FromCmyk ? ColourConversion.None : Header.Conversion;
}

/// <param name="Quality">1 to 100; null takes the setting for the format.</param>
/// <param name="Keep">The metadata that is written.</param>
internal sealed record EncodeOptions(int? Quality, QualitySettings Settings, Enums.ForeignKeep Keep);

/// <summary>Quality of each format that has one, 1 to 100, if a caller does not ask for another.</summary>
internal sealed record QualitySettings(int Jpeg, int WebP, int Avif);
