using System.Buffers.Binary;
using System.Text;
using NetVips;

namespace ImageResize.Core.Imaging;

/// <summary>Whether an image's colours need its ICC profile to be seen right as sRGB.</summary>
internal static class ColourProfile
{
    public const string Field = "icc-profile-data";

    private const int HeaderLength = 128;

    // Conversion costs about a third of a small thumbnail's time, and most profiles say no more than this.
    private static readonly string[] NamesOfSrgb =
        ["sRGB IEC61966-2.1", "sRGB IEC61966-2-1", "sRGB", "sRGB built-in", "sRGB2014", "GIMP built-in sRGB"];

    public static bool IsNeeded(Image image) =>
        image.Bands >= 3
        && image.Contains(Field)
        && image.Get(Field) is byte[] profile
        && IsOtherThanSrgb(profile);

    private static bool IsOtherThanSrgb(ReadOnlySpan<byte> profile) =>
        profile.Length > HeaderLength + 4
        && profile[36..].StartsWith("acsp"u8)
        && profile[16..].StartsWith("RGB "u8)
        && !NamesOfSrgb.Contains(Name(profile));

    private static string Name(ReadOnlySpan<byte> profile)
    {
        var tags = BinaryPrimitives.ReadUInt32BigEndian(profile[HeaderLength..]);
        for (var (tag, at) = (0u, HeaderLength + 4); tag < tags && at + 12 <= profile.Length; tag++, at += 12)
        {
            if (profile[at..].StartsWith("desc"u8))
            {
                var from = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 4)..]);
                var length = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 8)..]);
                return (long)from + length <= profile.Length ? Text(profile.Slice((int)from, (int)length)) : "";
            }
        }

        return "";
    }

    private static string Text(ReadOnlySpan<byte> tag)
    {
        if (tag.StartsWith("desc"u8) && tag.Length > 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(tag[8..]);
            return Encoding.Latin1.GetString(tag[12..(int)Math.Min(tag.Length, 12L + length)]).TrimEnd('\0');
        }

        if (tag.StartsWith("mluc"u8) && tag.Length > 28)
        {
            // The first translation: its length and place stand after its language.
            var length = BinaryPrimitives.ReadUInt32BigEndian(tag[20..]);
            var from = BinaryPrimitives.ReadUInt32BigEndian(tag[24..]);
            return (long)from + length <= tag.Length
                ? Encoding.BigEndianUnicode.GetString(tag.Slice((int)from, (int)length)).TrimEnd('\0')
                : "";
        }

        return "";
    }
}
