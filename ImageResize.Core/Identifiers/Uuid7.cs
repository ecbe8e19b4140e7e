using System.Buffers.Binary;

namespace ImageResize.Core.Identifiers;

/// <summary>UUIDv7 (RFC 9562, section 5.7) with the number of the region in the first 4 of its random bits.</summary>
internal static class Uuid7
{
    private const int RegionByte = 6;

    /// <param name="region">0 to 15; visible as the hexadecimal digit after the version digit 7.</param>
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

    /// <summary>Accepts only the form that <see cref="Guid.ToString()"/> writes: lower case, with dashes, version 7.</summary>
    public static bool TryParse(string? text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id)
        && id.Version == 7
        && (id.Variant & 0b1100) == 0b1000
        && id.ToString() == text;

    /// <summary>In UTC, with millisecond precision.</summary>
    public static DateTimeOffset CreatedAt(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);

        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.MaxValue;
    }
}
