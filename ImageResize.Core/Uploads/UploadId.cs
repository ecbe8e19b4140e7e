using System.Diagnostics.CodeAnalysis;
using ImageResize.Core.Jobs;

namespace ImageResize.Core.Uploads;

/// <summary>An upload's id: a UUIDv7, so that the day that keeps it is read from the id itself.</summary>
public readonly record struct UploadId
{
    private readonly Guid _value;

    private UploadId(Guid value) => _value = value;

    /// <summary>The UTC day whose container holds it.</summary>
    public DateOnly Day => DateOnly.FromDateTime(Uuid7.MomentOf(_value).UtcDateTime);

    /// <summary>The number of the region that keeps it.</summary>
    public int Region => Uuid7.RegionOf(_value);

    /// <param name="region">Where it is made; see <see cref="RegionOptions"/>.</param>
    public static UploadId New(DateTimeOffset now, int region = 0) => new(Uuid7.New(now, region));

    /// <summary>Accepts exactly what <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UploadId id)
    {
        var isOurs = Uuid7.TryParse(text, out var value);
        id = isOurs ? new UploadId(value) : default;

        return isOurs;
    }

    public override string ToString() => _value.ToString();
}
