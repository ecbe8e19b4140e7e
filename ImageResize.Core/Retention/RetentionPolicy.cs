using Microsoft.Extensions.Options;

namespace ImageResize.Core.Retention;

/// <summary>Decides which UTC days are kept.</summary>
public sealed class RetentionPolicy(IOptions<RetentionOptions> options, TimeProvider clock)
{
    /// <summary>The oldest day whose data is kept.</summary>
    public DateOnly FirstDayKept => Today.AddDays(-options.Value.RetentionDays);

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    public bool IsExpired(DateOnly day) => day < FirstDayKept;

    /// <summary>Lists the days that are kept, the newest first.</summary>
    /// <param name="start">The first day of the list; today if it's null or in the future, because a caller can send any date.</param>
    public IEnumerable<DateOnly> ListDaysKept(DateOnly? start)
    {
        for (var day = start < Today ? start.Value : Today; !IsExpired(day); day = day.AddDays(-1))
        {
            yield return day;
        }
    }
}
