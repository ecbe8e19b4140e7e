namespace ImageResize.Tests.Support.Processes;

/// <summary>Tests that run alone in the process, so that its memory can be measured.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WatchedMemoryTests
{
    public const string Name = "Watched memory";
}

/// <summary>
/// Measures how far the managed memory grows above its minimum so far, so that memory released by others does not hide growth.
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
