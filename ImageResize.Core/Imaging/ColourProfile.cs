using System.Buffers.Binary;
using NetVips;

namespace ImageResize.Core.Imaging;

/// <summary>
/// Whether an image's colours need its ICC profile to be seen right as sRGB. Most profiles say just that they are sRGB, by
/// many names, so the numbers are compared: a conversion takes nearly as long as decoding a photo for a small thumbnail.
/// </summary>
internal static class ColourProfile
{
    private const string Field = "icc-profile-data";
    private const int HeaderLength = 128;
    private const int EntryLength = 12;
    private const double ColorantTolerance = 0.003;
    private const double CurveTolerance = 0.004;

    public static bool IsNeeded(Image image) =>
        image.Bands >= 3 && image.Contains(Field) && image.Get(Field) is byte[] profile && IsOtherThanSrgb(profile);

    // A broken profile, or one of grey or CMYK on an RGB image, is nothing to convert by.
    private static bool IsOtherThanSrgb(ReadOnlySpan<byte> profile) =>
        profile.Length > HeaderLength + 4
        && profile[36..].StartsWith("acsp"u8)
        && profile[16..].StartsWith("RGB "u8)
        && !IsSrgb(profile);

    // Full red, green and blue as X, Y and Z under the light D50, and how brightness grows.
    private static bool IsSrgb(ReadOnlySpan<byte> profile) =>
        HasColorant(profile, "rXYZ"u8, 0.4361, 0.2225, 0.0139)
        && HasColorant(profile, "gXYZ"u8, 0.3851, 0.7169, 0.0971)
        && HasColorant(profile, "bXYZ"u8, 0.1431, 0.0606, 0.7141)
        && HasCurve(profile, "rTRC"u8)
        && HasCurve(profile, "gTRC"u8)
        && HasCurve(profile, "bTRC"u8);

    private static bool HasColorant(ReadOnlySpan<byte> profile, ReadOnlySpan<byte> name, double x, double y, double z)
    {
        var tag = FindTag(profile, name);
        return tag.Length >= 20
            && Math.Abs(Fixed(tag[8..]) - x) < ColorantTolerance
            && Math.Abs(Fixed(tag[12..]) - y) < ColorantTolerance
            && Math.Abs(Fixed(tag[16..]) - z) < ColorantTolerance;
    }

    private static bool HasCurve(ReadOnlySpan<byte> profile, ReadOnlySpan<byte> name)
    {
        var tag = FindTag(profile, name);
        return Math.Abs(Brightness(tag, 0.1) - 0.0100) < CurveTolerance
            && Math.Abs(Brightness(tag, 0.5) - 0.2140) < CurveTolerance
            && Math.Abs(Brightness(tag, 0.9) - 0.7874) < CurveTolerance;
    }

    /// <summary>The two ways in which sRGB's curve is written, a table and a formula; any other is not a number.</summary>
    private static double Brightness(ReadOnlySpan<byte> tag, double signal)
    {
        if (tag.StartsWith("curv"u8) && tag.Length > 12 && BinaryPrimitives.ReadInt32BigEndian(tag[8..]) is > 1 and var count)
        {
            var at = 12 + (2 * (long)Math.Round(signal * (count - 1)));
            return at + 2 <= tag.Length ? BinaryPrimitives.ReadUInt16BigEndian(tag[(int)at..]) / (double)ushort.MaxValue : double.NaN;
        }

        // Forms 3 and 4 are a line and a power; 4 adds two offsets, which sRGB leaves at nought.
        if (tag.StartsWith("para"u8) && tag.Length >= 32 && BinaryPrimitives.ReadUInt16BigEndian(tag[8..]) is 3 or 4)
        {
            var (gamma, a, b, c, d) = (Fixed(tag[12..]), Fixed(tag[16..]), Fixed(tag[20..]), Fixed(tag[24..]), Fixed(tag[28..]));
            return signal >= d ? Math.Pow((a * signal) + b, gamma) : c * signal;
        }

        return double.NaN;
    }

    private static ReadOnlySpan<byte> FindTag(ReadOnlySpan<byte> profile, ReadOnlySpan<byte> name)
    {
        var tags = BinaryPrimitives.ReadUInt32BigEndian(profile[HeaderLength..]);
        for (var at = HeaderLength + 4; tags > 0 && at + EntryLength <= profile.Length; at += EntryLength, tags--)
        {
            if (profile[at..].StartsWith(name))
            {
                var from = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 4)..]);
                var length = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 8)..]);
                return (long)from + length <= profile.Length ? profile.Slice((int)from, (int)length) : [];
            }
        }

        return [];
    }

    private static double Fixed(ReadOnlySpan<byte> number) => BinaryPrimitives.ReadInt32BigEndian(number) / 65536.0;
}
