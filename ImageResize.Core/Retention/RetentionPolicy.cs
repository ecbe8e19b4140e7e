using Microsoft.Extensions.Options;

namespace ImageResize.Core.Retention;

/// <summary>Decides which days are kept.</summary>
public sealed class RetentionPolicy(IOptions<RetentionOptions> options, TimeProvider clock)
{
    /// <summary>The oldest UTC day whose data is kept.</summary>
    public DateOnly FirstDayKept => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-options.Value.RetentionDays);

    public bool IsExpired(DateOnly day) => day < FirstDayKept;
}
