namespace ImageResize.Core.Callbacks;

/// <summary>The delays between the attempts of a callback: growing, for about a day.</summary>
internal static class CallbackSchedule
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(8),
        TimeSpan.FromHours(8),
    ];

    /// <summary>The longest delay that a receiver can ask for.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    public static int MaxAttempts => Delays.Length + 1;

    /// <param name="attempts">The number of attempts made.</param>
    /// <param name="retryAfter">The delay that the receiver asked for.</param>
    /// <returns>The delay before the next attempt; null after the last one.</returns>
    public static TimeSpan? FindNext(int attempts, TimeSpan? retryAfter)
    {
        if (attempts >= MaxAttempts)
        {
            return null;
        }

        var planned = Delays[attempts - 1];
        var wanted = retryAfter > MaxRetryAfter ? MaxRetryAfter : retryAfter;

        return wanted > planned ? wanted : planned;
    }
}
