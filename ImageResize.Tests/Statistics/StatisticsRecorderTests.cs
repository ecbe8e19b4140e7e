using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Jobs;
using ImageResize.Core.Memory;
using ImageResize.Core.Messages;
using ImageResize.Core.Statistics;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Statistics;

public sealed class StatisticsRecorderTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 30, TimeSpan.Zero));
    private readonly Minutes _store = new();
    private readonly ServiceGauges _gauges;
    private readonly StatisticsRecorder _recorder;

    public StatisticsRecorderTests()
    {
        var images = new ImageScheduler();
        _gauges = new ServiceGauges(new TwoQueues(), images, new MemoryBudget(1_000), _clock);
        _recorder = new StatisticsRecorder(_store, _gauges, images, _clock, NullLogger<StatisticsRecorder>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_minute_is_stored_once()
    {
        await _recorder.StartAsync(Token);

        for (var minute = 1; minute <= 3; minute++)
        {
            await Eventually.Async(() =>
            {
                _clock.Advance(TimeSpan.FromSeconds(5));

                return _store.Stored.Count >= minute;
            });
        }

        await _recorder.StopAsync(Token);
        Assert.Equal(_store.Stored.Select(row => row.At).Distinct(), _store.Stored.Select(row => row.At));
        Assert.All(_store.Stored, row =>
            Assert.Equal((0, _recorder.Instance, 5, 2), (row.At.Second, row.Instance, row.Queued, row.Poisoned)));
    }

    [Fact]
    public async Task The_work_of_a_minute_that_could_not_be_stored_is_in_the_next_row()
    {
        WorkMetrics.CountAccepted(7);
        _store.Fault = new IOException("Storage is down.");
        await Assert.ThrowsAsync<IOException>(() => _recorder.RecordAsync(Token));
        WorkMetrics.CountAccepted(5);
        _store.Fault = null;

        await _recorder.RecordAsync(Token);

        // Other tests work in this process too.
        Assert.InRange(Assert.Single(_store.Stored).Work.Accepted, 12, long.MaxValue);
    }

    public void Dispose()
    {
        _recorder.Dispose();
        _gauges.Dispose();
    }

    private sealed class Minutes : IStatisticsStore
    {
        public List<InstanceMinute> Stored { get; } = [];

        public Exception? Fault { get; set; }

        public Task AddAsync(InstanceMinute minute, CancellationToken cancellationToken)
        {
            if (Fault is not null)
            {
                throw Fault;
            }

            Stored.Add(minute);

            return Task.CompletedTask;
        }

        public IAsyncEnumerable<InstanceMinute> ReadAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
            Stored.ToAsyncEnumerable();
    }

    private sealed class TwoQueues : IBacklog
    {
        private static readonly QueueBacklog[] Queues =
        [
            new(MessagePriority.Interactive, IsPoison: false, 2, TimeSpan.Zero),
            new(MessagePriority.Bulk, IsPoison: false, 3, TimeSpan.Zero),
            new(MessagePriority.Bulk, IsPoison: true, 2, TimeSpan.Zero),
        ];

        public Task<IReadOnlyList<QueueBacklog>> ReadAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<QueueBacklog>>(Queues);
    }
}
