namespace ImageResize.Core.Jobs;

/// <summary>Keeps what it keeps by the UTC day of its birth, so that a day can be dropped whole.</summary>
public interface IDailyStore
{
    /// <summary>Removes the days before the given one, whole.</summary>
    /// <returns>The days removed.</returns>
    Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken);
}
