using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Processing;
using ImageResize.Core.Identifiers;
using ImageResize.Functions.Http.Jobs;

namespace ImageResize.Functions.Http.Batches;

/// <summary>The endpoint that deletes a job, whether it is queued, being processed or finished.</summary>
internal static class JobDeleteEndpoint
{
    public static IEndpointRouteBuilder MapJobDelete(this IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/v1/jobs/{id}", DeleteAsync);

        return routes;
    }

    private static async Task<IResult> DeleteAsync(
        string id,
        BatchQueries batches,
        IJobStore jobs,
        BatchCancellation canceler,
        BatchPurge purge,
        CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job) || !CurrentCaller.MayUse(job.Batch))
        {
            throw JobEndpoints.NotFound(id);
        }

        if (batches.IsExpired(job.Batch))
        {
            throw JobEndpoints.Expired(id);
        }

        if (await jobs.FindBatchAsync(job.Batch, cancellationToken) is not { } batch || !batch.Contains(job))
        {
            throw JobEndpoints.NotFound(id);
        }

        if (batch.IsSingle)
        {
            return await BatchDeleteEndpoint.PurgeAsync(batch, canceler, purge, cancellationToken);
        }

        await purge.PurgeJobAsync(batch, job, cancellationToken);

        return TypedResults.NoContent();
    }
}
