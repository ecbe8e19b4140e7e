using System.Globalization;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Batches;

/// <summary>Batches: how one stands, its jobs, its end, and once more.</summary>
internal static class BatchEndpoints
{
    private const string RetryAfterSeconds = "1";

    /// <summary>For what was being worked on when its batch was canceled: what has no result by then is canceled.</summary>
    private static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(2);

    /// <summary>How long a caller waits for "canceled" to be written; of a large batch the rest is left to its watch.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(5);

    public static IEndpointRouteBuilder MapBatches(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/batches/{id}", FindAsync);
        routes.MapGet("/v1/batches/{id}/jobs", ListAsync);
        routes.MapDelete("/v1/batches/{id}", CancelAsync);
        routes.MapPost("/v1/batches/{id}/retry", RetryAsync);

        return routes;
    }

    /// <exception cref="RefusedException">No such batch, or no longer.</exception>
    internal static async Task<BatchStatus> KnownAsync(string text, BatchReader batches, CancellationToken cancellationToken)
    {
        if (!BatchId.TryParse(text, out var id))
        {
            throw NotFound(text);
        }

        if (batches.IsExpired(id))
        {
            throw new RefusedException(ErrorCode.BatchExpired, $"The results of batch '{text}' have expired.");
        }

        return await batches.FindAsync(id, cancellationToken) ?? throw NotFound(text);
    }

    private static async Task<Ok<BatchReply>> FindAsync(
        string id,
        BatchReader batches,
        IJobStore jobs,
        TimeProvider clock,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReplyAsync(await KnownAsync(id, batches, cancellationToken), jobs, clock, cancellationToken));

    private static async Task<Ok<JobPageReply>> ListAsync(
        string id,
        HttpRequest request,
        BatchReader batches,
        CancellationToken cancellationToken)
    {
        var state = QueryText.Find(request, "state");
        var from = QueryText.FindNumber(request, "from", int.MaxValue) ?? 0;
        var wanted = state is null ? (JobState?)null : StateOf(state);
        var status = await KnownAsync(id, batches, cancellationToken);
        var page = await batches.ListAsync(status.Batch, from, wanted, cancellationToken);

        return TypedResults.Ok(new JobPageReply(
            [.. page.Jobs.Select(job => JobReply.Of(job.Id, job.Status, job.Source))],
            page.Next is { } next ? NextLink(status.Batch.Id, next, state) : null));
    }

    private static async Task<Ok<BatchReply>> CancelAsync(
        string id,
        BatchReader batches,
        BatchCanceler canceler,
        IJobStore jobs,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var status = await KnownAsync(id, batches, cancellationToken);
        if (!status.IsOver)
        {
            await canceler.StopAsync(status.Batch.Id, cancellationToken);
            await Task.Delay(TimeToFinish, clock, cancellationToken);
            await canceler.EndAsync(status.Batch.Id, TimeToEnd, cancellationToken);
            status = await KnownAsync(id, batches, cancellationToken);
        }

        return TypedResults.Ok(await ReplyAsync(status, jobs, clock, cancellationToken));
    }

    private static async Task<Accepted<BatchReply>> RetryAsync(
        string id,
        BatchReader batches,
        BatchRetrier retrier,
        TimeProvider clock,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var status = await KnownAsync(id, batches, cancellationToken);
        if (!status.IsOver)
        {
            throw new RefusedException(ErrorCode.BatchNotOver, "The batch has not ended; its failed jobs can be retried then.");
        }

        var batch = await retrier.RetryAsync(status, cancellationToken)
            ?? throw new RefusedException(ErrorCode.NothingFailed, "No job of the batch has failed.");
        response.Headers.RetryAfter = RetryAfterSeconds;
        var retried = new BatchStatus(batch, default, batch.Id.SubmittedAt);

        return TypedResults.Accepted(BatchReply.AddressOf(batch.Id), BatchReply.Of(retried, callback: null, clock.GetUtcNow()));
    }

    private static async Task<BatchReply> ReplyAsync(BatchStatus status, IJobStore jobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        var callback = status.Batch.Callback is null ? null : await jobs.FindCallbackAsync(status.Batch.Id, cancellationToken);

        return BatchReply.Of(status, callback, clock.GetUtcNow());
    }

    private static JobState StateOf(string text) => text.ToLowerInvariant() switch
    {
        "queued" => JobState.Queued,
        "succeeded" => JobState.Succeeded,
        "failed" => JobState.Failed,
        "canceled" => JobState.Canceled,
        _ => throw new RefusedException(ErrorCode.InvalidRequest, "state is queued, succeeded, failed or canceled."),
    };

    private static string NextLink(BatchId id, int next, string? state) =>
        $"{BatchReply.AddressOf(id)}/jobs?from={next.ToString(CultureInfo.InvariantCulture)}{(state is null ? "" : $"&state={state}")}";

    private static RefusedException NotFound(string text) => new(ErrorCode.BatchNotFound, $"There is no batch '{text}'.");
}
