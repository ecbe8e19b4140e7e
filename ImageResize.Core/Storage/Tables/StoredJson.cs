using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Core.Batches;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Storage.Tables;

/// <summary>The JSON of jobs, listings, results and responses in rows.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(StoredSourceUriConverter)])]
[JsonSerializable(typeof(StoredSlice))]
[JsonSerializable(typeof(Listing))]
[JsonSerializable(typeof(IReadOnlyList<SkippedFiles>))]
[JsonSerializable(typeof(JobResult))]
[JsonSerializable(typeof(StoredResponse))]
internal sealed partial class StoredJson : JsonSerializerContext;

internal static class RowJson
{
    /// <summary>Does not escape names of files that are not ASCII, which would make them up to three times longer.</summary>
    public static StoredJson Compact { get; } = new(new JsonSerializerOptions(StoredJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>The jobs of a slice. Actions that several jobs share are stored once.</summary>
/// <param name="Actions">The different actions.</param>
/// <param name="Refusals">The errors of invalid items, by the job's index in the slice; null if there are none.</param>
/// <param name="ActionsOf">The index in <paramref name="Actions"/> of each job; null if all have the first.</param>
internal sealed record StoredSlice(
    int First,
    bool IsSingle,
    bool IsUnwatched,
    IReadOnlyList<SourceUri> Sources,
    IReadOnlyList<JobActions> Actions,
    IReadOnlyList<int>? ActionsOf,
    IReadOnlyDictionary<int, JobError>? Refusals)
{
    public static StoredSlice Of(Slice slice)
    {
        var indexes = new Dictionary<JobActions, int>(ReferenceEqualityComparer.Instance);
        var actionsOf = new int[slice.Jobs.Count];
        for (var i = 0; i < actionsOf.Length; i++)
        {
            var actions = slice.Jobs[i].Actions;
            if (!indexes.TryGetValue(actions, out var index))
            {
                indexes.Add(actions, index = indexes.Count);
            }

            actionsOf[i] = index;
        }

        return new StoredSlice(
            slice.First,
            slice.IsSingle,
            slice.IsUnwatched,
            [.. slice.Jobs.Select(job => job.Source)],
            [.. indexes.Keys],
            indexes.Count > 1 ? actionsOf : null,
            slice.Jobs.Any(job => job.Refusal is not null)
                ? slice.Jobs.Index().Where(job => job.Item.Refusal is not null).ToDictionary(job => job.Index, job => job.Item.Refusal!)
                : null);
    }

    public Slice ToSlice(int number, bool isDone) =>
        new(number, First, [.. Sources.Select(ToJob)])
        {
            IsDone = isDone,
            IsSingle = IsSingle,
            IsUnwatched = IsUnwatched,
        };

    private Job ToJob(SourceUri source, int index) =>
        new(source, Actions[ActionsOf?[index] ?? 0]) { Refusal = Refusals?.GetValueOrDefault(index) };
}
