using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Processing;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Batches;

/// <summary>The endpoint that cancels a batch, or with <c>purge=true</c> deletes it.</summary>
internal static class BatchDeleteEndpoint
{
    /// <summary>The time that running jobs have to finish before they are canceled with their batch.</summary>
    private static readonly TimeSpan FinishTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The longest time that the request writes or deletes results. Messages do the rest of a large batch.</summary>
    private static readonly TimeSpan WorkTimeout = TimeSpan.FromSeconds(5);

    public static IEndpointRouteBuilder MapBatchDelete(this IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/v1/batches/{id}", DeleteAsync).WithMetadata(new KnownParameters("purge"));

        return routes;
    }

    private static async Task<IResult> DeleteAsync(
        string id,
        HttpRequest request,
        BatchQueries batches,
        BatchCancellation canceler,
        BatchPurge purge,
        IJobStore jobs,
        ICallbackStore callbacks,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var isPurged = QueryParameters.Find(request, "purge") switch
        {
            "true" => true,
            null or "false" => false,
            _ => throw new RefusedException(ErrorCode.InvalidRequest, "purge must be true or false."),
        };
        if (isPurged)
        {
            return await PurgeAsync(await FindAsync(id, batches, jobs, cancellationToken), canceler, purge, cancellationToken);
        }

        var status = await BatchEndpoints.GetRequiredAsync(id, batches, cancellationToken);
        if (!status.IsOver)
        {
            await canceler.StopAsync(status.Batch.Id, cancellationToken);
            await Task.Delay(FinishTimeout, clock, cancellationToken);
            await canceler.EndAsync(status.Batch.Id, WorkTimeout, cancellationToken);
            status = await BatchEndpoints.GetRequiredAsync(id, batches, cancellationToken);
        }

        return TypedResults.Ok(await BatchEndpoints.ReplyAsync(status, callbacks, clock, cancellationToken));
    }

    /// <returns>204 if nothing is left of the batch; 202 if messages delete the rest.</returns>
    internal static async Task<IResult> PurgeAsync(
        Batch batch, BatchCancellation canceler, BatchPurge purge, CancellationToken cancellationToken)
    {
        if (!batch.IsPurged)
        {
            await canceler.StopAsync(batch.Id, cancellationToken);
        }

        return await purge.PurgeAsync(batch, WorkTimeout, cancellationToken)
            ? TypedResults.NoContent()
            : TypedResults.Accepted(uri: null as string);
    }

    /// <summary>Finds also a batch that was deleted before, because its deletion succeeds again.</summary>
    private static async Task<Batch> FindAsync(string text, BatchQueries batches, IJobStore jobs, CancellationToken cancellationToken) =>
        !BatchId.TryParse(text, out var id) || !CurrentCaller.MayUse(id) ? throw BatchEndpoints.NotFound(text)
        : batches.IsExpired(id) ? throw BatchEndpoints.Expired(text)
        : await jobs.FindBatchAsync(id, cancellationToken) ?? throw BatchEndpoints.NotFound(text);
}
