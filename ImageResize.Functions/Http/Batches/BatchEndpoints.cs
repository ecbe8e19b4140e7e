using System.Globalization;
using ImageResize.Core.Batches;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Functions.Http.Jobs;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Batches;

/// <summary>Endpoints of a batch: read the status, list jobs.</summary>
internal static class BatchEndpoints
{
    public static IEndpointRouteBuilder MapBatches(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/batches/{id}", ReadMethods.All, FindAsync);
        routes.MapMethods("/v1/batches/{id}/jobs", ReadMethods.All, ListAsync).WithMetadata(new KnownParameters("state", "from"));

        return routes;
    }

    /// <exception cref="RefusedException">The batch does not exist or has expired.</exception>
    internal static async Task<BatchStatus> GetRequiredAsync(string text, BatchQueries batches, CancellationToken cancellationToken)
    {
        if (!BatchId.TryParse(text, out var id) || !CurrentCaller.MayUse(id))
        {
            throw NotFound(text);
        }

        return batches.IsExpired(id) ? throw Expired(text) : await batches.FindBatchAsync(id, cancellationToken) ?? throw NotFound(text);
    }

    private static async Task<Ok<BatchReply>> FindAsync(
        string id,
        BatchQueries batches,
        ICallbackStore callbacks,
        TimeProvider clock,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReplyAsync(await GetRequiredAsync(id, batches, cancellationToken), callbacks, clock, cancellationToken));

    private static async Task<Ok<JobPageReply>> ListAsync(
        string id,
        HttpRequest request,
        BatchQueries batches,
        CancellationToken cancellationToken)
    {
        var state = QueryParameters.Find(request, "state");
        var from = QueryParameters.FindNumber(request, "from", int.MaxValue) ?? 0;
        var filter = state is null ? (JobState?)null : StateOf(state);
        var status = await GetRequiredAsync(id, batches, cancellationToken);
        var page = await batches.ListJobsAsync(status.Batch, from, filter, cancellationToken);

        return TypedResults.Ok(new JobPageReply(
            [.. page.Jobs.Select(job => JobReply.Of(job.Id, job.Status, job.Source))],
            page.Next is { } next ? NextLink(status.Batch.Id, next, state) : null));
    }

    internal static async Task<BatchReply> ReplyAsync(
        BatchStatus status, ICallbackStore callbacks, TimeProvider clock, CancellationToken cancellationToken)
    {
        var callback = status.Batch.Callback is null ? null : await callbacks.FindAsync(status.Batch.Id, cancellationToken);

        return BatchReply.Of(status, callback, clock.GetUtcNow());
    }

    private static JobState StateOf(string text) => text.ToLowerInvariant() switch
    {
        "queued" => JobState.Queued,
        "succeeded" => JobState.Succeeded,
        "failed" => JobState.Failed,
        "canceled" => JobState.Canceled,
        _ => throw new RefusedException(ErrorCode.InvalidRequest, "state must be queued, succeeded, failed or canceled."),
    };

    private static string NextLink(BatchId id, int next, string? state) =>
        $"{BatchReply.AddressOf(id)}/jobs?from={next.ToString(CultureInfo.InvariantCulture)}{(state is null ? "" : $"&state={state}")}";

    internal static RefusedException Expired(string id) => new(ErrorCode.BatchExpired, $"The results of batch '{id}' have expired.");

    internal static RefusedException NotFound(string text) => new(ErrorCode.BatchNotFound, $"There is no batch '{text}'.");
}
