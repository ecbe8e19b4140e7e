using ImageResize.Core.Imaging.FastPath;
using ImageResize.Core.Imaging.Jpeg;
using ImageResize.Core.Imaging.Jpeg.Encoding;
using NetVips;

namespace ImageResize.Bench;

/// <summary>
/// One finished file beside libvips': bytes, and PSNR against a full decode and Lanczos3. Two references: one of 8-bit pixels stretched to
/// the thumbnail's size, as a caller would make it, and one in floating point with each thumbnail's own geometry, for libvips leaves out up
/// to half a row: of the two geometries that it may have, the better one.
/// </summary>
internal sealed record Comparison(Pair Bytes, Pair Plain, Pair Exact)
{
    /// <summary>Null if the fast path does not support the image, or libvips makes another size of it.</summary>
    public static Comparison? Find(byte[] picture, int box, int quality)
    {
        using var decoded = JpegFastPath.Decode(picture, [new(box, box)], long.MaxValue, CancellationToken.None);
        if (decoded is null)
        {
            return null;
        }

        var planes = decoded.Resize(new(box, box));
        using var theirs = Image.ThumbnailBuffer(picture, box, height: box, size: Enums.Size.Down);
        if ((theirs.Width, theirs.Height) != (planes.Width, planes.Height))
        {
            return null;
        }

        var ours = new JpegEncoder().Encode(planes, quality);
        return Of(picture, box, ours, theirs.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None));
    }

    private static Comparison Of(byte[] picture, int box, byte[] ourFile, byte[] theirFile)
    {
        using var stored = Image.NewFromBuffer(picture);
        using var upright = stored.Autorot();
        using var whole = upright.CopyMemory();
        using var precise = whole.Cast(Enums.BandFormat.Float);
        using var ours = Image.NewFromBuffer(ourFile);
        using var theirs = Image.NewFromBuffer(theirFile);
        var (across, down) = (ours.Width / (double)whole.Width, ours.Height / (double)whole.Height);

        using var stretched = Resize(whole, across, down);
        using var exact = Resize(precise, across, down);
        var uniform = box / (double)Math.Max(whole.Width, whole.Height);
        using var even = Resize(precise, uniform, uniform);
        return new Comparison(
            new Pair(ourFile.Length, theirFile.Length),
            new Pair(Psnr(stretched, ours), Psnr(stretched, theirs)),
            new Pair(Psnr(exact, ours), Math.Max(Psnr(exact, theirs), Psnr(even, theirs))));
    }

    private static Image Resize(Image whole, double across, double down) =>
        whole.Resize(across, vscale: down, kernel: Enums.Kernel.Lanczos3, gap: 0);

    private static double Psnr(Image wanted, Image made)
    {
        if ((wanted.Width, wanted.Height) != (made.Width, made.Height))
        {
            return 0;
        }

        using var difference = wanted.Cast(Enums.BandFormat.Double) - made;
        using var squares = difference * difference;
        return 10 * Math.Log10(255 * 255 / Math.Max(1e-9, squares.Avg()));
    }
}

internal readonly record struct Pair(double Ours, double Theirs);
