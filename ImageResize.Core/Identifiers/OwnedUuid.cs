using System.Buffers.Binary;

namespace ImageResize.Core.Identifiers;

/// <summary>
/// UUIDv8 (RFC 9562, section 5.8) with the layout of a UUIDv7: 48 bits of Unix time in milliseconds, the region's number in 4 bits, the
/// owner in 32 bits, and 38 random bits. Ids of earlier versions are UUIDv7 with the region and without an owner.
/// </summary>
internal static class OwnedUuid
{
    private const int RegionByte = 6;
    private const int OwnerByte = 9;
    private const byte Version = 0x80;

    /// <param name="region">0 to 15; visible as the hexadecimal digit after the version digit 8.</param>
    public static Guid New(DateTimeOffset now, int region, OwnerTag owner)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[RegionByte] = (byte)(Version | region);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[OwnerByte..], owner.Value);

        return new Guid(bytes, bigEndian: true);
    }

    public static int RegionOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);

        return bytes[RegionByte] & 0x0F;
    }

    /// <returns>Null for an id of an earlier version.</returns>
    public static OwnerTag? OwnerOf(Guid id)
    {
        if (id.Version == 7)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);

        return new OwnerTag(BinaryPrimitives.ReadUInt32BigEndian(bytes[OwnerByte..]));
    }

    /// <summary>Accepts only the form that <see cref="Guid.ToString()"/> writes: lower case, with dashes, version 8 or 7.</summary>
    public static bool TryParse(string? text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id)
        && id.Version is 7 or 8
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
