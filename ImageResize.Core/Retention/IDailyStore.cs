namespace ImageResize.Core.Retention;

/// <summary>A store that keeps its data by the UTC day of creation, so that a whole day can be dropped at once.</summary>
public interface IDailyStore
{
    /// <summary>Drops all days before the given one.</summary>
    /// <returns>The days that were dropped.</returns>
    Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken);
}
