using System.Buffers.Binary;
using System.Text;

namespace ImageResize.Core.Imaging.Headers;

/// <summary>The brands in the "ftyp" box that AVIF, HEIC, JPEG 2000, JPEG XL and MP4 begin with.</summary>
/// <param name="HoldsHevc">What follows is HEIC whatever its brands say: the bundle reads its header, and has no decoder for its
/// pixels.</param>
internal sealed record MediaBrands(IReadOnlySet<string> Brands, bool HoldsHevc)
{
    private const int MostBrands = 64;

    public bool IsAvif => Brands.Overlaps(["avif", "avis"]) && !HoldsHevc;

    /// <summary>What such a file is called when it is not AVIF.</summary>
    public string Name =>
        HoldsHevc || Brands.Overlaps(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]) ? "HEIC"
        : Brands.Overlaps(["mif1", "mif2", "mif3", "msf1", "j2ki", "jpeg"]) ? "HEIF"
        : Brands.Overlaps(["jp2 ", "jpx ", "jpm "]) ? "JPEG 2000"
        : Brands.Contains("jxl ") ? "JPEG XL"
        : Brands.Contains("crx ") ? "Canon raw"
        : "video";

    public static MediaBrands? Of(ReadOnlySpan<byte> start)
    {
        if (start.Length < 16 || !start[4..].StartsWith("ftyp"u8))
        {
            return null;
        }

        // Size, "ftyp", major brand, version, then the compatible brands, four letters each.
        var size = BinaryPrimitives.ReadUInt32BigEndian(start);
        var box = start[..(int)Math.Min(size, Math.Min(start.Length, 16 + (4 * MostBrands)))];
        var brands = new HashSet<string> { Encoding.Latin1.GetString(start[8..12]) };
        for (var at = 16; at + 4 <= box.Length; at += 4)
        {
            brands.Add(Encoding.Latin1.GetString(box.Slice(at, 4)));
        }

        return new MediaBrands(brands, HoldsHevc: start.IndexOf("hvc1"u8) >= 0 && start.IndexOf("av01"u8) < 0);
    }
}
