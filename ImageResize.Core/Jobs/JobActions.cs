using System.Text.Json.Serialization;

namespace ImageResize.Core.Jobs;

/// <summary>
/// The actions of a job, as they are stored. Jobs of a batch with the same actions share one instance. A new action gets a property here.
/// </summary>
/// <param name="Measure">Whether the size is requested.</param>
public sealed record JobActions(bool Measure, IReadOnlyList<ThumbnailAction> Thumbnails)
{
    public static JobActions OnlyMeasure { get; } = new(Measure: true, []);

    /// <summary>The actions in the order in which they are done.</summary>
    [JsonIgnore]
    internal IEnumerable<JobAction> All => Measure ? [new MeasureAction(), .. Thumbnails] : Thumbnails;

    public static JobActions Of(IEnumerable<JobAction> actions)
    {
        var all = actions.ToList();

        return new JobActions(all.OfType<MeasureAction>().Any(), [.. all.OfType<ThumbnailAction>()]);
    }
}
