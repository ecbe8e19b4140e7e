namespace ImageResize.Tests.Support.Web;

/// <summary>A clock that is twenty times as fast, so that tests do not wait for limits in seconds.</summary>
internal sealed class FastClock : TimeProvider
{
    private const int Haste = 20;

    public override long GetTimestamp() => System.GetTimestamp() * Haste;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Hasten(dueTime), Hasten(period));

    private static TimeSpan Hasten(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Haste;
}
