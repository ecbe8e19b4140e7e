using NetVips;

namespace ImageResize.Core.Imaging;

/// <summary>libvips, set up once for untrusted images, and its loader for each format.</summary>
internal static class Libvips
{
    static Libvips()
    {
        // Nothing is loaded but by these six. "BlockUntrusted" is no substitute: it lets .mat texts through.
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in (string[])["Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif"])
        {
            Operation.Block("VipsForeignLoad" + loader, false);
        }

        // No image is opened twice, so a cache of operations would only hold memory.
        Cache.Max = 0;

        // How many images run at once is decided elsewhere; more threads for each would fight over the cores.
        NetVips.NetVips.Concurrency = 1;

        // Broken images make dozens of warnings each, for whoever is at stderr. What counts comes back as an exception.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.All, static (_, _, _) => { });
    }

    /// <summary>Opens the header; pixels are decoded when they are asked for, and errors in them are then exceptions.</summary>
    /// <exception cref="VipsException">The header cannot be read.</exception>
    public static Image Open(Source source, ImageFormat format, int frames = 1) => format switch
    {
        ImageFormat.Jpeg => Image.JpegloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        ImageFormat.Png => Image.PngloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        ImageFormat.Gif => Image.GifloadSource(source, n: frames, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        ImageFormat.WebP => Image.WebploadSource(source, n: frames, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        ImageFormat.Avif => Image.HeifloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        ImageFormat.Tiff => Image.TiffloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips has no loader for it."),
    };

    /// <summary>Opens and resizes to exactly this size, as stored: not yet upright.</summary>
    /// <exception cref="VipsException">The header cannot be read.</exception>
    public static Image OpenResized(Source source, ImageFormat format, int width, int height, int frames, ColourConversion conversion)
    {
        var toSrgb = conversion == ColourConversion.None ? null : "srgb";
        var fallback = conversion == ColourConversion.FromCmyk ? "cmyk" : toSrgb;
        if (format is ImageFormat.Jpeg or ImageFormat.WebP or ImageFormat.Tiff)
        {
            // These shrink on load: scaled decoding, or a smaller copy in the file.
            return Image.ThumbnailSource(
                source,
                width,
                height: height,
                // The call has a parameter for this, and forgets it: a cut photo would come out half grey.
                optionString: frames > 1 ? $"fail_on=error,n={frames}" : "fail_on=error",
                size: Enums.Size.Force,
                noRotate: true,
                inputProfile: fallback,
                outputProfile: toSrgb);
        }

        using var stored = Open(source, format, frames);
        return stored.ThumbnailImage(
            width, height: height, size: Enums.Size.Force, noRotate: true, inputProfile: fallback, outputProfile: toSrgb);
    }
}
