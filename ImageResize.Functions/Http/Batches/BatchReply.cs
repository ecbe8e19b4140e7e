using System.Text.Json.Serialization;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Functions.Http.Jobs;
using ImageResize.Functions.Http.Proxies;

namespace ImageResize.Functions.Http.Batches;

/// <summary>A batch in responses of <c>/v1</c>.</summary>
public sealed record BatchReply(
    string Id,
    string? Name,
    BatchState State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Total,
    CountsReply Counts)
{
    public double? Percent { get; init; }

    public double? ImagesPerSecond { get; init; }

    public DateTimeOffset? EstimatedEnd { get; init; }

    /// <summary>The files of folders that did not become jobs; null if there are none.</summary>
    public IReadOnlyList<SkippedFiles>? Skipped { get; init; }

    public string? RetryOf { get; init; }

    public CallbackReply? Callback { get; init; }

    public required BatchLinks Links { get; init; }

    internal static string AddressOf(BatchId id) => PublicPath.Of($"/v1/batches/{id}");

    internal static BatchReply Of(BatchStatus status, CallbackStatus? callback, DateTimeOffset now)
    {
        var batch = status.Batch;
        var address = AddressOf(batch.Id);

        return new BatchReply(batch.Id.ToString(), batch.Name, status.State, status.Total, CountsReply.Of(status))
        {
            Percent = status.Percent,
            ImagesPerSecond = status.ImagesPerSecond,
            EstimatedEnd = status.EstimateEnd(now),
            Skipped = batch.Skipped.Count > 0 ? batch.Skipped : null,
            RetryOf = batch.RetryOf,
            Callback = batch.Callback is null ? null : CallbackReply.Of(callback),
            Links = new BatchLinks(address, $"{address}/jobs", $"{address}/events", $"{address}/thumbnails.zip"),
        };
    }
}

/// <param name="Queued">Null until all jobs are listed.</param>
public sealed record CountsReply(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Queued,
    int Succeeded,
    int Failed,
    int Canceled)
{
    internal static CountsReply Of(BatchStatus status) =>
        new(status.Queued, status.Counts.Succeeded, status.Counts.Failed, status.Counts.Canceled);
}

public sealed record BatchLinks(string Self, string Jobs, string Events, string Thumbnails);

/// <summary>The status of the callback's delivery.</summary>
public sealed record CallbackReply(CallbackState State, int Attempts, int? LastStatus, string? LastReason, DateTimeOffset? NextAttemptAt)
{
    internal static CallbackReply Of(CallbackStatus? status) => status is null
        ? new CallbackReply(CallbackState.Pending, 0, null, null, null)
        : new CallbackReply(status.State, status.Attempts, status.LastStatus, status.LastReason, status.NextAttemptAt);
}

/// <summary>A page of a caller's batches, in the format of Azure's REST APIs.</summary>
public sealed record BatchPageReply(IReadOnlyList<BatchReply> Value, string? NextLink);

/// <summary>A page of a batch's jobs, in the format of Azure's REST APIs.</summary>
public sealed record JobPageReply(IReadOnlyList<JobReply> Value, string? NextLink);
