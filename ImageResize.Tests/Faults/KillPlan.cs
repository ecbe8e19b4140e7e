namespace ImageResize.Tests.Faults;

/// <summary>How often the program is killed, and in a batch of how many images.</summary>
/// <param name="IsTimed">Whether the time after the last kill is checked: on a machine that does nothing else.</param>
internal sealed record KillPlan(int Images, int Kills, int Seed, TimeSpan Lease, bool IsTimed)
{
    /// <summary>The seed of <c>bench/kills</c>, which sets it and so asks for the long run.</summary>
    private const string Variable = "IMAGERESIZE_KILLS_SEED";

    public static KillPlan Read() => Environment.GetEnvironmentVariable(Variable) is { } seed
        ? new KillPlan(1_000, 10, int.Parse(seed), TimeSpan.FromSeconds(60), IsTimed: true)
        : new KillPlan(100, 2, Seed: 1, TimeSpan.FromSeconds(6), IsTimed: false);
}
