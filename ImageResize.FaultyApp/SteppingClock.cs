namespace ImageResize.FaultyApp;

/// <summary>The time of day is wrong by as many minutes as a file says, which may change at any time; durations are right.</summary>
internal sealed class SteppingClock(string file) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() =>
        base.GetUtcNow() + (File.Exists(file) ? TimeSpan.FromMinutes(int.Parse(File.ReadAllText(file))) : TimeSpan.Zero);
}
