namespace ImageResize.Core.Jobs.Callbacks;

/// <summary>How long to wait for the next attempt: seconds at first, hours at last, about a day in all.</summary>
internal static class CallbackDelays
{
    private static readonly TimeSpan[] Planned =
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

    /// <summary>A receiver may ask for more patience than planned, but not without end.</summary>
    private static readonly TimeSpan LongestAskedFor = TimeSpan.FromHours(1);

    public static int MostAttempts => Planned.Length + 1;

    /// <param name="attempts">How many there were.</param>
    /// <param name="retryAfter">What the receiver asked for.</param>
    /// <returns>Null when the last attempt is over.</returns>
    public static TimeSpan? FindNext(int attempts, TimeSpan? retryAfter)
    {
        if (attempts >= MostAttempts)
        {
            return null;
        }

        var planned = Planned[attempts - 1];
        var asked = retryAfter > LongestAskedFor ? LongestAskedFor : retryAfter;

        return asked > planned ? asked : planned;
    }
}
