using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ImageResize.Core.Imaging.Headers;
using NetVips;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>Configures libvips once for untrusted images, and wraps the calls that several formats share.</summary>
internal static class Libvips
{
    private static readonly ConcurrentDictionary<string, bool> AllowedLoaders = new();

    static Libvips()
    {
        // Each format allows its own loader and no other. "BlockUntrusted" is no substitute: it leaves the loader of .mat files on.
        Operation.Block("VipsForeignLoad", true);

        // No image is opened twice, so a cache of operations would only hold memory.
        Cache.Max = 0;

        // ImageScheduler decides how many images are decoded at once. More threads for each image would compete for the same cores.
        NetVips.NetVips.Concurrency = 1;

        // A damaged image writes dozens of warnings to stderr. Errors that matter are thrown as exceptions.
        foreach (var domain in (string[])["VIPS", "GLib", "GLib-GObject"])
        {
            Log.SetLogHandler(domain, Enums.LogLevelFlags.All, static (_, _, _) => { });
        }
    }

    /// <summary>For example 8.18.7. Loads the native library.</summary>
    public static string Version { get; } = string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part)));

    /// <param name="loader">The end of a loader class's name, for example <c>Jpeg</c>.</param>
    public static void AllowLoader(string loader) => AllowedLoaders.GetOrAdd(loader, static name =>
    {
        Operation.Block("VipsForeignLoad" + name, false);
        return true;
    });

    /// <returns>A libvips source over the bytes: in place if they fill an array or are mapped memory, else a copy.</returns>
    public static Source OpenSource(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) && array.Count == array.Array!.Length ? Source.NewFromMemory(array.Array)
        : MemoryMarshal.TryGetMemoryManager(bytes, out MappedSource? mapped, out var start, out var length)
            ? mapped.OpenSource(start, length)
        : Source.NewFromMemory(bytes.Span);

    /// <param name="shrink">How much smaller the image may be decoded.</param>
    /// <remarks>
    /// libvips' own thumbnail call is not used: for bytes in memory it does not fail on errors, so that half of a truncated photo comes out
    /// grey, and it has no image that could be stopped while it decodes. It costs the same.
    /// </remarks>
    public static Image OpenJpeg(Source source, double shrink = 1, Enums.FailOn failOn = Enums.FailOn.Error)
    {
        AllowLoader("Jpeg");
        return Image.JpegloadSource(source, shrink: JpegShrink(shrink), access: Enums.Access.Sequential, failOn: failOn);
    }

    /// <summary>Decodes all pixels and keeps none, so that errors in them become exceptions.</summary>
    /// <exception cref="VipsException">A pixel cannot be decoded, or the call was canceled.</exception>
    public static void DecodeAll(Image image, CancellationToken cancellationToken)
    {
        using var kill = cancellationToken.Register(() => image.SetKill(true));
        image.Avg();
    }

    /// <summary>Computes the pixels of <paramref name="lazy"/>. Cancellation stops the decoding of <paramref name="stored"/>.</summary>
    /// <returns>An image in memory.</returns>
    /// <exception cref="VipsException">A pixel cannot be decoded, or the call was canceled.</exception>
    public static Image Evaluate(Image lazy, Image stored, CancellationToken cancellationToken)
    {
        using var kill = cancellationToken.Register(() => stored.SetKill(true));
        return lazy.CopyMemory();
    }

    /// <summary>Resizes each frame to exactly this size and converts the colours to 8 bits and, if asked, to sRGB.</summary>
    public static Image Resize(Image image, int width, int height, ColourConversion conversion = ColourConversion.None)
    {
        var toSrgb = conversion == ColourConversion.None ? null : "srgb";
        var resized = image.ThumbnailImage(
            width,
            height: height,
            size: Enums.Size.Force,
            noRotate: true,
            inputProfile: conversion == ColourConversion.FromCmyk ? "cmyk" : toSrgb,
            outputProfile: toSrgb);
        if (conversion != ColourConversion.FromGreyProfile)
        {
            return resized;
        }

        // Red, green and blue are the same.
        using (resized)
        {
            using var grey = resized.HasAlpha() ? JoinFirstAndLast(resized) : resized.ExtractBand(0);
            return grey.Copy(interpretation: Enums.Interpretation.Bw);
        }
    }

    private static Image JoinFirstAndLast(Image image)
    {
        using var first = image.ExtractBand(0);
        using var last = image.ExtractBand(image.Bands - 1);
        return first.Bandjoin(last);
    }

    /// <summary>Divides the colours by their alpha.</summary>
    /// <returns>An image of the same kind.</returns>
    public static Image Unpremultiply(Image image)
    {
        using var divided = image.Unpremultiply(maxAlpha: image.Format == Enums.BandFormat.Ushort ? ushort.MaxValue : byte.MaxValue);
        using var rounded = divided.Rint();
        using var cast = rounded.Cast(image.Format);

        return cast.Copy(interpretation: image.Interpretation);
    }

    // Shrinking while decoding averages coarsely, so at least the last halving is left to the resize, as libvips itself does.
    private static int JpegShrink(double shrink) => shrink switch
    {
        >= 16 => 8,
        >= 8 => 4,
        >= 4 => 2,
        _ => 1,
    };
}
