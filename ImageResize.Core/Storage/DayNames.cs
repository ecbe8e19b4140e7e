using System.Globalization;

namespace ImageResize.Core.Storage;

/// <summary>The names of tables or containers for each UTC day.</summary>
/// <param name="Prefix">The beginning of the names, before the day.</param>
internal sealed record DayNames(string Prefix)
{
    private const string DayFormat = "yyyyMMdd";

    public string Of(DateOnly day) => Prefix + day.ToString(DayFormat, CultureInfo.InvariantCulture);

    /// <returns>Null if the prefix is not followed by a day.</returns>
    public DateOnly? FindDay(string name) =>
        DateOnly.TryParseExact(name.AsSpan(Prefix.Length), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;
}
