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
[JsonSerializable(typeof(IReadOnlyList<SourceUri>), TypeInfoPropertyName = "Sources")]
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
/// <param name="ActionsOf">The index in <paramref name="Actions"/> of each job; null if all have the first.</param>
/// <param name="Refusals">The errors of invalid items, by the job's index in the slice; null if there are none.</param>
/// <param name="Names">The names of jobs that have one, by the job's index in the slice; null if none has.</param>
internal sealed record StoredSlice(
    int First,
    bool IsSingle,
    bool IsUnwatched,
    IReadOnlyList<SourceUri> Sources,
    IReadOnlyList<JobActions> Actions,
    IReadOnlyList<int>? ActionsOf,
    IReadOnlyDictionary<int, JobError>? Refusals,
    IReadOnlyDictionary<int, string>? Names = null)
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
            Find(slice, job => job.Refusal),
            Find(slice, job => job.Name));
    }

    public Slice ToSlice(int number, bool isDone) =>
        new(number, First, [.. Sources.Select(ToJob)])
        {
            IsDone = isDone,
            IsSingle = IsSingle,
            IsUnwatched = IsUnwatched,
        };

    private Job ToJob(SourceUri source, int index) =>
        new(source, Actions[ActionsOf?[index] ?? 0])
        {
            Refusal = Refusals?.GetValueOrDefault(index),
            Name = Names?.GetValueOrDefault(index),
        };

    /// <returns>The values of the jobs that have one, by index; null if none has.</returns>
    private static Dictionary<int, T>? Find<T>(Slice slice, Func<Job, T?> get)
        where T : class
    {
        Dictionary<int, T>? found = null;
        foreach (var (index, job) in slice.Jobs.Index())
        {
            if (get(job) is { } value)
            {
                (found ??= []).Add(index, value);
            }
        }

        return found;
    }
}
