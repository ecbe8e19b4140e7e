using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace ImageResize.Core.Jobs;

/// <summary>A batch's id: a UUIDv7 (RFC 9562, 5.7), so that the moment of its birth, and with it its table, is read from the id itself.</summary>
public readonly record struct BatchId
{
    /// <summary>The length of the text: 32 hexadecimal digits and 4 dashes.</summary>
    public const int TextLength = 36;

    private readonly Guid _value;

    private BatchId(Guid value) => _value = value;

    public static BatchId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>Accepts exactly what <see cref="ToString"/> writes: lower case, dashes, version 7.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BatchId id)
    {
        var isOurs = Guid.TryParseExact(text, "D", out var value)
            && value.Version == 7
            && (value.Variant & 0b1100) == 0b1000
            && value.ToString() == text;
        id = isOurs ? new BatchId(value) : default;

        return isOurs;
    }

    /// <summary>To the millisecond, in UTC.</summary>
    public DateTimeOffset SubmittedAt
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            _value.TryWriteBytes(bytes, bigEndian: true, out _);
            var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);

            return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : DateTimeOffset.MaxValue;
        }
    }

    /// <summary>The UTC day whose table holds everything of this batch.</summary>
    public DateOnly Day => DateOnly.FromDateTime(SubmittedAt.UtcDateTime);

    public override string ToString() => _value.ToString();
}
