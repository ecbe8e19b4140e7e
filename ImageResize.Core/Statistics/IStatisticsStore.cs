namespace ImageResize.Core.Statistics;

/// <summary>Stores the minutes of all instances as long as results are kept.</summary>
public interface IStatisticsStore
{
    Task AddAsync(InstanceMinute minute, CancellationToken cancellationToken);

    /// <returns>The minutes of all instances, oldest first.</returns>
    IAsyncEnumerable<InstanceMinute> ReadAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);
}
