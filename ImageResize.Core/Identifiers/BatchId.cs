using System.Diagnostics.CodeAnalysis;

namespace ImageResize.Core.Identifiers;

/// <summary>The id of a batch: a UUIDv7, so that the time of its creation, and with it its table, is known from the id alone.</summary>
public readonly record struct BatchId
{
    /// <summary>The length of the text: 32 hexadecimal digits and 4 dashes.</summary>
    public const int TextLength = 36;

    private readonly Guid _value;

    private BatchId(Guid value) => _value = value;

    /// <param name="region">The region that creates it; see <see cref="RegionOptions"/>.</param>
    public static BatchId New(DateTimeOffset now, int region = 0) => new(Uuid7.New(now, region));

    /// <summary>Accepts only the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BatchId id)
    {
        var isOurs = Uuid7.TryParse(text, out var value);
        id = isOurs ? new BatchId(value) : default;

        return isOurs;
    }

    /// <summary>The number of the region that stores this batch.</summary>
    public int Region => Uuid7.RegionOf(_value);

    /// <summary>In UTC, with millisecond precision.</summary>
    public DateTimeOffset SubmittedAt => Uuid7.CreatedAt(_value);

    /// <summary>The UTC day whose table contains this batch.</summary>
    public DateOnly Day => DateOnly.FromDateTime(SubmittedAt.UtcDateTime);

    public override string ToString() => _value.ToString();
}
