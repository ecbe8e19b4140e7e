using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Batches;

/// <summary>Submits failed or canceled jobs of an ended batch again, as a new batch.</summary>
internal static class BatchRetryEndpoint
{
    private const string RetryAfterSeconds = "1";

    public static IEndpointRouteBuilder MapBatchRetry(this IEndpointRouteBuilder routes)
    {
        // Not "code", which is the parameter for a key.
        routes.MapPost("/v1/batches/{id}/retry", RetryAsync).WithMetadata(new KnownParameters("state", "error"));

        return routes;
    }

    private static async Task<Accepted<BatchReply>> RetryAsync(
        string id,
        HttpRequest request,
        BatchQueries batches,
        BatchRetry retry,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var filter = ReadFilter(request);
        var status = await BatchEndpoints.GetRequiredAsync(id, batches, cancellationToken);
        if (!status.IsOver)
        {
            throw new RefusedException(ErrorCode.BatchNotOver, "The batch has not ended. Retry its jobs when it has.");
        }

        var batch = await retry.RetryAsync(status, filter, cancellationToken) ?? throw NothingFailed(filter, status);
        request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        var retried = new BatchStatus(batch, default, batch.Id.SubmittedAt);

        return TypedResults.Accepted(BatchReply.AddressOf(batch.Id), BatchReply.Of(retried, callback: null, clock.GetUtcNow()));
    }

    private static RetryFilter ReadFilter(HttpRequest request)
    {
        var isCanceled = QueryParameters.Find(request, "state")?.ToLowerInvariant() switch
        {
            null or "failed" => false,
            "canceled" => true,
            _ => throw new RefusedException(ErrorCode.InvalidRequest, "state must be failed or canceled."),
        };
        var errors = QueryParameters.Find(request, "error")?.Split(',', StringSplitOptions.TrimEntries) ?? [];

        return isCanceled && errors.Length > 0
            ? throw new RefusedException(ErrorCode.InvalidRequest, "Canceled jobs have no error. Leave out error.")
            : new RetryFilter(isCanceled, errors);
    }

    private static RefusedException NothingFailed(RetryFilter filter, BatchStatus status) => new(
        ErrorCode.NothingFailed,
        filter.CountIn(status.Counts) == 0 ? $"No job of the batch {(filter.Canceled ? "was canceled" : "has failed")}."
        : filter.Errors.Count > 0 ? $"No job of the batch has failed with the error {string.Join(" or ", filter.Errors)}."
        : "The failed jobs have errors that a retry can't fix, such as damaged. After replacing their images, add ?error=any.");
}
