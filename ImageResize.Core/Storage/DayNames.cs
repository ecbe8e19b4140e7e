using System.Globalization;

namespace ImageResize.Core.Storage;

/// <summary>Names of what is kept by the UTC day of its birth.</summary>
/// <param name="Prefix">What they begin with; the day follows.</param>
internal sealed record DayNames(string Prefix)
{
    private const string DayFormat = "yyyyMMdd";

    public string Of(DateOnly day) => Prefix + day.ToString(DayFormat, CultureInfo.InvariantCulture);

    /// <returns>Null for what only begins like ours.</returns>
    public DateOnly? FindDay(string name) =>
        DateOnly.TryParseExact(name.AsSpan(Prefix.Length), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
