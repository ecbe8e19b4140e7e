using ImageResize.Core.Messages;
using ImageResize.Core.Messages.Waiting;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Messages;

public sealed class LongWaitsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LongWaits _waits;

    public LongWaitsTests() => _waits = new LongWaits(_clock);

    private int Count => _waits.Count(MessagePriority.Interactive);

    [Fact]
    public void A_message_counts_after_half_a_second_until_its_end()
    {
        var wait = _waits.Begin(MessagePriority.Interactive);
        Assert.Equal(0, Count);

        _clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal((1, 0), (Count, _waits.Count(MessagePriority.Bulk)));

        wait.Dispose();
        wait.Dispose();
        Assert.Equal(0, Count);
    }

    [Fact]
    public void A_message_that_ends_at_once_does_not_count()
    {
        _waits.Begin(MessagePriority.Interactive).Dispose();

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(0, Count);
    }
}
