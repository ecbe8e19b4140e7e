namespace ImageResize.Tests.Support.Processes;

/// <summary>Tests that run alone in the process, so that what it holds in memory can be watched.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WatchedMemoryTests
{
    public const string Name = "Watched memory";
}

/// <summary>
/// By how much what the process holds has grown above the least that was seen before: what others let go meanwhile is no growth.
/// </summary>
internal sealed class WatchedMemory
{
    private long _least = long.MaxValue;
    private long _growth;

    public void Look()
    {
        var held = GC.GetTotalMemory(forceFullCollection: true);
        _least = Math.Min(_least, held);
        _growth = Math.Max(_growth, held - _least);
    }

    public void AssertWithin(long bytes)
    {
        TestContext.Current.SendDiagnosticMessage($"Memory grew by {_growth} bytes.");
        Assert.True(_growth < bytes, $"Memory grew by {_growth} bytes.");
    }
}
