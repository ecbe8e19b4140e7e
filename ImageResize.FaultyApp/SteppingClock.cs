namespace ImageResize.FaultyApp;

/// <summary>
/// Its time of day has an offset of as many minutes as a file contains, which may change at any time. Durations are correct.
/// </summary>
internal sealed class SteppingClock(string file) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() =>
        base.GetUtcNow() + (File.Exists(file) ? TimeSpan.FromMinutes(int.Parse(File.ReadAllText(file))) : TimeSpan.Zero);
}
