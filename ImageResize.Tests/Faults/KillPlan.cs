namespace ImageResize.Tests.Faults;

/// <summary>The number of images in a batch, and how often the program is killed during it.</summary>
/// <param name="IsTimed">Whether the time after the last kill is checked, which needs an idle machine.</param>
internal sealed record KillPlan(int Images, int Kills, int Seed, TimeSpan Lease, bool IsTimed)
{
    /// <summary>The seed. <c>bench/kills</c> sets it, and so starts the long run.</summary>
    private const string Variable = "IMAGERESIZE_KILLS_SEED";

    public static KillPlan Read() => Environment.GetEnvironmentVariable(Variable) is { } seed
        ? new KillPlan(1_000, 10, int.Parse(seed), TimeSpan.FromSeconds(60), IsTimed: true)
        : new KillPlan(100, 2, Seed: 1, TimeSpan.FromSeconds(6), IsTimed: false);
}
