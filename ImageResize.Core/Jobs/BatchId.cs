using System.Diagnostics.CodeAnalysis;

namespace ImageResize.Core.Jobs;

/// <summary>A batch's id: a UUIDv7, so that the moment of its birth, and with it its table, is read from the id itself.</summary>
public readonly record struct BatchId
{
    /// <summary>The length of the text: 32 hexadecimal digits and 4 dashes.</summary>
    public const int TextLength = 36;

    private readonly Guid _value;

    private BatchId(Guid value) => _value = value;

    /// <param name="region">Where it is made; see <see cref="RegionOptions"/>.</param>
    public static BatchId New(DateTimeOffset now, int region = 0) => new(Uuid7.New(now, region));

    /// <summary>Accepts exactly what <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BatchId id)
    {
        var isOurs = Uuid7.TryParse(text, out var value);
        id = isOurs ? new BatchId(value) : default;

        return isOurs;
    }

    /// <summary>The number of the region that keeps everything of this batch.</summary>
    public int Region => Uuid7.RegionOf(_value);

    /// <summary>To the millisecond, in UTC.</summary>
    public DateTimeOffset SubmittedAt => Uuid7.MomentOf(_value);

    /// <summary>The UTC day whose table holds everything of this batch.</summary>
    public DateOnly Day => DateOnly.FromDateTime(SubmittedAt.UtcDateTime);

    public override string ToString() => _value.ToString();
}
