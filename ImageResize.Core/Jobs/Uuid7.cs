using System.Buffers.Binary;

namespace ImageResize.Core.Jobs;

/// <summary>Ids that tell when they were made: UUIDv7 (RFC 9562, 5.7).</summary>
internal static class Uuid7
{
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
