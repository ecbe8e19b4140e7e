namespace ImageResize.Tests.Support;

/// <summary>Tests that run alone in the process, so that what it holds in memory can be watched.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WatchedMemoryTests
{
    public const string Name = "Watched memory";
}

/// <summary>The least and the most that the process was seen to hold.</summary>
internal sealed class WatchedMemory
{
    private long _least = long.MaxValue;
    private long _most;

    public void Look()
    {
        var held = GC.GetTotalMemory(forceFullCollection: true);
        (_least, _most) = (Math.Min(_least, held), Math.Max(_most, held));
    }

    public void AssertWithin(long bytes)
    {
        TestContext.Current.SendDiagnosticMessage($"From {_least} to {_most} bytes were held.");
        Assert.True(_most - _least < bytes, $"From {_least} to {_most} bytes were held.");
    }
}
