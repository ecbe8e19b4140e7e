using System.Diagnostics.CodeAnalysis;

namespace ImageResize.Core.Identifiers;

/// <summary>The id of a batch: a UUID with the time of its creation, so that its table is known from the id alone.</summary>
public readonly record struct BatchId
{
    /// <summary>The length of the text: 32 hexadecimal digits and 4 dashes.</summary>
    public const int TextLength = 36;

    private readonly Guid _value;

    private BatchId(Guid value) => _value = value;

    /// <param name="region">The region that creates it; see <see cref="RegionOptions"/>.</param>
    public static BatchId New(DateTimeOffset now, int region = 0, OwnerTag owner = default) =>
        new(OwnedUuid.New(now, region, owner));

    /// <summary>Accepts only the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BatchId id)
    {
        var isOurs = OwnedUuid.TryParse(text, out var value);
        id = isOurs ? new BatchId(value) : default;

        return isOurs;
    }

    /// <summary>The number of the region that stores this batch.</summary>
    public int Region => OwnedUuid.RegionOf(_value);

    /// <summary>The caller that created it; null for an id of an earlier version, which has no owner.</summary>
    public OwnerTag? Owner => OwnedUuid.OwnerOf(_value);

    /// <summary>In UTC, with millisecond precision.</summary>
    public DateTimeOffset SubmittedAt => OwnedUuid.CreatedAt(_value);

    /// <summary>The UTC day whose table contains this batch.</summary>
    public DateOnly Day => DateOnly.FromDateTime(SubmittedAt.UtcDateTime);

    public override string ToString() => _value.ToString();
}
