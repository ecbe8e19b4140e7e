using ImageResize.Core.Errors;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Quotas;

/// <summary>
/// Counts the bytes of uploads and thumbnails that this process stores for each caller in a UTC day. In memory, so that it costs no request
/// to storage.
/// </summary>
public sealed class DailyBytes(IOptions<QuotaOptions> options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _bytes = [];
    private DateOnly _day;

    public long Limit { get; } = options.Value.BytesPerDay;

    /// <summary>Until midnight UTC, when counting starts again.</summary>
    public TimeSpan UntilReset => TimeSpan.FromDays(1) - clock.GetUtcNow().UtcDateTime.TimeOfDay;

    public void Add(string? caller, long bytes)
    {
        lock (_lock)
        {
            BeginDay();
            _bytes[caller ?? ""] = _bytes.GetValueOrDefault(caller ?? "") + bytes;
        }
    }

    public long UsedBy(string? caller)
    {
        lock (_lock)
        {
            BeginDay();

            return _bytes.GetValueOrDefault(caller ?? "");
        }
    }

    /// <exception cref="RefusedException">The caller has used up the bytes of this day.</exception>
    public void EnsureRoom(string? caller)
    {
        if (UsedBy(caller) >= Limit)
        {
            throw new RefusedException(
                ErrorCode.DailyBytesUsed,
                $"Your uploads and thumbnails have reached today's limit of {Limit} bytes (BytesPerDay). Try again after midnight UTC.")
            {
                RetryAfter = UntilReset,
            };
        }
    }

    private void BeginDay()
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (_day != today)
        {
            _day = today;
            _bytes.Clear();
        }
    }
}
