using ImageResize.Core.Jobs;
using ImageResize.Core.Statistics;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Tables;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Statistics;

/// <summary>The minutes of several instances in the days' tables.</summary>
public sealed class StatisticsHistoryTests(Azurite azurite)
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    private readonly TableStatisticsStore _store = new(
        StorageAccount.ByConnectionString(azurite.ConnectionString).OpenTables(),
        Options.Create(new StorageOptions { TablePrefix = Azurite.UniquePrefix() }));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_minutes_of_all_instances_are_summed_also_over_midnight()
    {
        await AddAsync(Midnight.AddMinutes(-61), "a", succeeded: 1000); // Before the last hour.
        await AddAsync(Midnight.AddMinutes(-1), "a", succeeded: 10, failed: 1);
        await AddAsync(Midnight, "b", succeeded: 5);
        await AddAsync(Midnight, "a", succeeded: 20);

        var history = await new StatisticsHistory(_store, new FakeTimeProvider(Midnight.AddSeconds(30))).ReadAsync(1, Token);

        Assert.Equal(
            [(Midnight.AddMinutes(-1), 1, 10, 1), (Midnight, 2, 25, 0)],
            history.Minutes.Select(minute => (minute.At, minute.Instances, minute.Work.Succeeded, minute.Work.Failed)));
        Assert.Equal(
            [("a", Midnight, 30), ("b", Midnight, 5)],
            history.Instances.Select(instance => (instance.Last.Instance, instance.Last.At, instance.Work.Succeeded)));
    }

    [Fact]
    public async Task A_minute_is_read_as_it_was_stored()
    {
        var minute = new InstanceMinute(Midnight, "web-1-5f2c")
        {
            StartedAt = Midnight.AddDays(-3),
            Work = new WorkTotals(1, 2, 3, 4, 5),
            CpuPercent = 12.5,
            MemoryBytes = 6_000_000_000,
            ImagesInWork = 7,
            Queued = 8,
            Poisoned = 9,
        };

        await _store.AddAsync(minute, Token);

        Assert.Equal([minute], await _store.ReadAsync(Midnight, Midnight, Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Days_without_a_table_have_no_minutes()
    {
        var history = await new StatisticsHistory(_store, new FakeTimeProvider(Midnight)).ReadAsync(24, Token);

        Assert.Empty(history.Minutes);
        Assert.Empty(history.Instances);
    }

    private Task AddAsync(DateTimeOffset at, string instance, int succeeded, int failed = 0) => _store.AddAsync(
        new InstanceMinute(at, instance) { Work = new WorkTotals(0, succeeded, failed, 0, 0) }, Token);
}
