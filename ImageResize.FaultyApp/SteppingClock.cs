namespace ImageResize.FaultyApp;

/// <summary>
/// A clock with an offset in minutes that is read from a file and may change at any time. Durations are correct.
/// </summary>
internal sealed class SteppingClock(string file) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() =>
        base.GetUtcNow() + (File.Exists(file) ? TimeSpan.FromMinutes(int.Parse(File.ReadAllText(file))) : TimeSpan.Zero);
}
