using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Metadata;

/// <summary>
/// Distinguishes an sRGB profile from all others by its primaries and curves, not by its name. Profiles with lookup tables, and profiles
/// that cannot be read, count as others.
/// </summary>
internal static class IccProfile
{
    private const int HeaderLength = 128;
    private const int TagLength = 12;
    private const int MaxTags = 64;

    /// <summary>sRGB's primaries, adapted to D50 as profiles hold them; published profiles differ by less than 0.001.</summary>
    private const double PrimaryTolerance = 0.003;

    /// <summary>A third of a step of 8 bits.</summary>
    private const double CurveTolerance = 0.0015;

    /// <summary>Of red, green and blue. A broken profile, or one of grey or inks on such an image, cannot be used for conversion.</summary>
    public static bool IsRgb(ReadOnlySpan<byte> profile) =>
        profile.Length > HeaderLength + 4 && profile[16..].StartsWith("RGB "u8) && profile[36..].StartsWith("acsp"u8);

    /// <summary>Of grey, with a curve or table for conversion.</summary>
    public static bool IsGrey(ReadOnlySpan<byte> profile) =>
        profile.Length > HeaderLength + 4
        && profile[16..].StartsWith("GRAY"u8)
        && profile[36..].StartsWith("acsp"u8)
        && !(FindTag(profile, "kTRC"u8).IsEmpty && FindTag(profile, "A2B0"u8).IsEmpty);

    /// <summary>Whether grey is stored as in sRGB.</summary>
    public static bool IsSrgbGrey(ReadOnlySpan<byte> profile) =>
        IsGrey(profile)
        && profile[20..].StartsWith("XYZ "u8)
        && FindTag(profile, "A2B0"u8).IsEmpty
        && IsSrgbCurve(FindTag(profile, "kTRC"u8));

    public static bool IsSrgb(ReadOnlySpan<byte> profile)
    {
        return IsRgb(profile)
            && profile[20..].StartsWith("XYZ "u8)
            && FindTag(profile, "A2B0"u8).IsEmpty
            && IsPrimary(FindTag(profile, "rXYZ"u8), 0.4361, 0.2225, 0.0139)
            && IsPrimary(FindTag(profile, "gXYZ"u8), 0.3851, 0.7169, 0.0971)
            && IsPrimary(FindTag(profile, "bXYZ"u8), 0.1431, 0.0606, 0.7141)
            && IsSrgbCurve(FindTag(profile, "rTRC"u8))
            && IsSrgbCurve(FindTag(profile, "gTRC"u8))
            && IsSrgbCurve(FindTag(profile, "bTRC"u8));
    }

    private static ReadOnlySpan<byte> FindTag(ReadOnlySpan<byte> profile, ReadOnlySpan<byte> signature)
    {
        var count = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(profile[HeaderLength..]), MaxTags);
        var tags = profile[(HeaderLength + 4)..];
        for (; count > 0 && tags.Length >= TagLength; count--, tags = tags[TagLength..])
        {
            if (!tags.StartsWith(signature))
            {
                continue;
            }

            var offset = BinaryPrimitives.ReadUInt32BigEndian(tags[4..]);
            var length = BinaryPrimitives.ReadUInt32BigEndian(tags[8..]);
            return offset + (ulong)length <= (ulong)profile.Length ? profile.Slice((int)offset, (int)length) : default;
        }

        return default;
    }

    private static bool IsPrimary(ReadOnlySpan<byte> tag, double x, double y, double z) =>
        tag.Length >= 20
        && tag.StartsWith("XYZ "u8)
        && Math.Abs(Fixed(tag[8..]) - x) < PrimaryTolerance
        && Math.Abs(Fixed(tag[12..]) - y) < PrimaryTolerance
        && Math.Abs(Fixed(tag[16..]) - z) < PrimaryTolerance;

    private static bool IsSrgbCurve(ReadOnlySpan<byte> tag)
    {
        if (tag.Length < 12)
        {
            return false;
        }

        return tag.StartsWith("curv"u8) ? IsSrgbTable(tag[8..]) : tag.StartsWith("para"u8) && IsSrgbFormula(tag[8..]);
    }

    private static bool IsSrgbTable(ReadOnlySpan<byte> curve)
    {
        var count = BinaryPrimitives.ReadUInt32BigEndian(curve);
        if (count is < 16 or > 65_536 || curve.Length < 4 + (2 * (int)count))
        {
            return false;
        }

        for (var index = 0; index < (int)count; index++)
        {
            var value = BinaryPrimitives.ReadUInt16BigEndian(curve[(4 + (2 * index))..]) / 65_535.0;
            if (Math.Abs(value - SrgbToLinear(index / (count - 1.0))) > CurveTolerance)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Type 3 is sRGB's own shape: (ax + b)^g from d upwards, cx below.</summary>
    private static bool IsSrgbFormula(ReadOnlySpan<byte> curve)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(curve) != 3 || curve.Length < 24)
        {
            return false;
        }

        return IsNear(Fixed(curve[4..]), 2.4)
            && IsNear(Fixed(curve[8..]), 1 / 1.055)
            && IsNear(Fixed(curve[12..]), 0.055 / 1.055)
            && IsNear(Fixed(curve[16..]), 1 / 12.92)
            && IsNear(Fixed(curve[20..]), 0.04045);
    }

    private static bool IsNear(double value, double wanted) => Math.Abs(value - wanted) < 0.0005;

    private static double SrgbToLinear(double value) =>
        value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static double Fixed(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes) / 65_536.0;
}
