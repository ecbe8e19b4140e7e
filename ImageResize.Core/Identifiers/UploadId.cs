using System.Diagnostics.CodeAnalysis;

namespace ImageResize.Core.Identifiers;

/// <summary>The id of an upload: a UUID with the time, so that the day of its container is known from the id alone.</summary>
public readonly record struct UploadId
{
    private readonly Guid _value;

    private UploadId(Guid value) => _value = value;

    /// <summary>In UTC, with millisecond precision.</summary>
    public DateTimeOffset UploadedAt => OwnedUuid.CreatedAt(_value);

    /// <summary>The UTC day whose container holds the upload.</summary>
    public DateOnly Day => DateOnly.FromDateTime(UploadedAt.UtcDateTime);

    /// <summary>The number of the region that stores the upload.</summary>
    public int Region => OwnedUuid.RegionOf(_value);

    /// <summary>The caller that created it; null for an id of an earlier version, which has no owner.</summary>
    public OwnerTag? Owner => OwnedUuid.OwnerOf(_value);

    /// <param name="region">The region that creates it; see <see cref="RegionOptions"/>.</param>
    public static UploadId New(DateTimeOffset now, int region = 0, OwnerTag owner = default) =>
        new(OwnedUuid.New(now, region, owner));

    /// <summary>Accepts only the form that <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UploadId id)
    {
        var isOurs = OwnedUuid.TryParse(text, out var value);
        id = isOurs ? new UploadId(value) : default;

        return isOurs;
    }

    public override string ToString() => _value.ToString();
}
