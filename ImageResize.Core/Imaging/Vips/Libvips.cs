using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using NetVips;

namespace ImageResize.Core.Imaging.Vips;

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
        foreach (var domain in (string[])["VIPS", "GLib", "GLib-GObject"])
        {
            Log.SetLogHandler(domain, Enums.LogLevelFlags.All, static (_, _, _) => { });
        }
    }

    /// <summary>Opens the header; pixels are decoded when they are asked for, and errors in them are then exceptions.</summary>
    /// <param name="shrink">How much smaller the picture may be decoded already, where its format can do that.</param>
    /// <exception cref="VipsException">The header cannot be read.</exception>
    /// <remarks>
    /// The loaders themselves, not libvips' own thumbnail call: on bytes in memory that one forgets to fail on errors,
    /// so that a cut photo comes out half grey; and it has no image to stop while it decodes. It costs the same.
    /// </remarks>
    public static Image Open(
        Source source, ImageFormat format, int frames = 1, double shrink = 1, Enums.FailOn jpegFailsOn = Enums.FailOn.Error) => format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(
                source, shrink: JpegShrink(shrink), access: Enums.Access.Sequential, failOn: jpegFailsOn),
            ImageFormat.Png => Image.PngloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
            ImageFormat.Gif => Image.GifloadSource(source, n: frames, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
            ImageFormat.WebP => Image.WebploadSource(
                source, n: frames, scale: 1 / Math.Max(1, shrink), access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
            ImageFormat.Avif => Image.HeifloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
            ImageFormat.Tiff => Image.TiffloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips has no loader for it."),
        };

    /// <summary>Reads all pixels and keeps none: errors in them are exceptions.</summary>
    /// <exception cref="VipsException">One cannot be read, or it was canceled.</exception>
    public static double ReadAll(Image image, CancellationToken cancellationToken)
    {
        using var kill = cancellationToken.Register(() => image.SetKill(true));
        return image.Avg();
    }

    /// <summary>Resizes to exactly this size, each frame for itself, with the colours made 8 bit and sRGB.</summary>
    public static Image Resize(Image image, int width, int height, ColourConversion conversion = ColourConversion.None)
    {
        var toSrgb = conversion == ColourConversion.None ? null : "srgb";
        return image.ThumbnailImage(
            width,
            height: height,
            size: Enums.Size.Force,
            noRotate: true,
            inputProfile: conversion == ColourConversion.FromCmyk ? "cmyk" : toSrgb,
            outputProfile: toSrgb);
    }

    // A JPEG's own shrinking is coarse, so the last halving at least is left to the resize, as libvips does.
    private static int JpegShrink(double shrink) => shrink switch
    {
        >= 16 => 8,
        >= 8 => 4,
        >= 4 => 2,
        _ => 1,
    };
}
