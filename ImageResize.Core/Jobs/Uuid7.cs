using System.Buffers.Binary;

namespace ImageResize.Core.Jobs;

/// <summary>Ids that tell when and in which region they were made: UUIDv7 (RFC 9562, 5.7), the region in the first 4 of its random bits.</summary>
internal static class Uuid7
{
    private const int RegionByte = 6;

    /// <param name="region">0 to 15; shows as the hexadecimal digit behind the version's 7.</param>
    public static Guid New(DateTimeOffset now, int region)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[RegionByte] = (byte)((bytes[RegionByte] & 0xF0) | region);

        return new Guid(bytes, bigEndian: true);
    }

    public static int RegionOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);

        return bytes[RegionByte] & 0x0F;
    }

    /// <summary>Accepts exactly the spelling that is written: lower case, dashes, version 7.</summary>
    public static bool TryParse(string? text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id)
        && id.Version == 7
        && (id.Variant & 0b1100) == 0b1000
        && id.ToString() == text;

    /// <summary>To the millisecond, in UTC.</summary>
    public static DateTimeOffset MomentOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);

        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.MaxValue;
    }
}
