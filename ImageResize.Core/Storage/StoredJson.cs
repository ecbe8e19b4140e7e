using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Jobs;

namespace ImageResize.Core.Storage;

/// <summary>How jobs, listings, results and answers are written in rows.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredSlice))]
[JsonSerializable(typeof(Listing))]
[JsonSerializable(typeof(JobResult))]
[JsonSerializable(typeof(Answer))]
internal sealed partial class StoredJson : JsonSerializerContext;

internal static class RowJson
{
    /// <summary>Names of files are written as they are, not as \u escapes: three times smaller for most of the world.</summary>
    public static StoredJson Compact { get; } = new(new JsonSerializerOptions(StoredJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>A slice's jobs; what many of them share is written once.</summary>
/// <param name="Actions">Each kind of actions once.</param>
/// <param name="Refusals">By the job's place in the slice; none when all can run.</param>
/// <param name="ActionsOf">For each job, its place in <paramref name="Actions"/>; none when all have the first.</param>
internal sealed record StoredSlice(
    int First,
    bool IsSingle,
    bool IsUnwatched,
    IReadOnlyList<string> Sources,
    IReadOnlyList<JobActions> Actions,
    IReadOnlyList<int>? ActionsOf,
    IReadOnlyDictionary<int, JobError>? Refusals)
{
    public static StoredSlice Of(Slice slice)
    {
        var places = new Dictionary<JobActions, int>(ReferenceEqualityComparer.Instance);
        var actionsOf = new int[slice.Jobs.Count];
        for (var i = 0; i < actionsOf.Length; i++)
        {
            var actions = slice.Jobs[i].Actions;
            if (!places.TryGetValue(actions, out var place))
            {
                places.Add(actions, place = places.Count);
            }

            actionsOf[i] = place;
        }

        return new StoredSlice(
            slice.First,
            slice.IsSingle,
            slice.IsUnwatched,
            [.. slice.Jobs.Select(job => job.Source)],
            [.. places.Keys],
            places.Count > 1 ? actionsOf : null,
            slice.Jobs.Any(job => job.Refusal is not null)
                ? slice.Jobs.Index().Where(job => job.Item.Refusal is not null).ToDictionary(job => job.Index, job => job.Item.Refusal!)
                : null);
    }

    public Slice ToSlice(int number, bool isDone) =>
        new(number, First, [.. Sources.Select((source, i) => new Job(source, Actions[ActionsOf?[i] ?? 0]) { Refusal = Refusals?.GetValueOrDefault(i) })])
        {
            IsDone = isDone,
            IsSingle = IsSingle,
            IsUnwatched = IsUnwatched,
        };
}
