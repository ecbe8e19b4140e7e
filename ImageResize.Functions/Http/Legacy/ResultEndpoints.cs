using ImageResize.Core.Batches;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.Requests;
using Microsoft.Extensions.Primitives;

namespace ImageResize.Functions.Http.Legacy;

/// <summary>The replaced program's <c>/result</c>: the result of a job, in that program's words.</summary>
internal static class ResultEndpoints
{
    public static IEndpointRouteBuilder MapResult(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/result", ReadMethods.All, FindAsync);

        return routes;
    }

    private static async Task<IResult> FindAsync(HttpRequest request, BatchQueries jobs, CancellationToken cancellationToken)
    {
        var ids = request.Query["jobId"];
        if (StringValues.IsNullOrEmpty(ids))
        {
            return LegacyReply.Error(400, "Does not specify jobId parameter. Image request is invalid.");
        }

        if (ids.Count > 1)
        {
            return LegacyReply.Error(400, $"jobId is given {ids.Count} times");
        }

        var isId = JobId.TryParse(ids[0], out var id);
        var status = isId && CurrentCaller.MayUse(id.Batch)
            ? await jobs.GetJobAsync(id, cancellationToken)
            : new JobStatus(JobState.Unknown);

        if (isId && status.State == JobState.Unknown && id.Number is null && await FindBatchAsync(id, jobs, cancellationToken) is { } batch)
        {
            return LegacyReply.Error(
                404,
                $"{ids[0]} is a batch. Ask for a job of it, such as jobId={ids[0]}-0, or for {BatchReply.AddressOf(batch.Id)}.");
        }

        return status switch
        {
            { Result: { } result } => ReplyOf(result),
            { State: JobState.Unknown or JobState.Expired } =>
                LegacyReply.Error(404, $"An error occured when trying to fetch the job. Error Message: No such job exists: {ids[0]}."),
            { State: JobState.Canceled } => LegacyReply.Error(404, $"Target job with jobId={ids[0]} was canceled."),
            _ => LegacyReply.Error(404, $"Target job with jobId={ids[0]} cannot find. Please check its status and try again later."),
        };
    }

    private static async Task<Batch?> FindBatchAsync(JobId id, BatchQueries jobs, CancellationToken cancellationToken) =>
        CurrentCaller.MayUse(id.Batch) && !jobs.IsExpired(id.Batch)
            ? (await jobs.FindBatchAsync(id.Batch, cancellationToken))?.Batch
            : null;

    private static IResult ReplyOf(JobResult result) => result switch
    {
        { Thumbnails: [var thumbnail, ..], Error: null } => LegacyReply.Resized(true, thumbnail.Source.Redacted),
        { Thumbnails: not null } => LegacyReply.Resized(false, LegacyMessage(result.Error!)),
        { Size: { } size } => LegacyReply.Measured(size.Width, size.Height, "Get the size of target image successfully."),
        _ => LegacyReply.Measured(-1, -1, LegacyMessage(result.Error!)),
    };

    /// <summary>The replaced program had three messages. Other errors keep their own.</summary>
    private static string LegacyMessage(JobError error) =>
        error.Is(ErrorCode.SourceNotFound) ? "Image file does not exist."
        : error.Is(ErrorCode.SourceNotAFile) ? "The given image path is not a file."
        : error.Is(ErrorCode.NotAnImage) ? "The given image path is not a valid image format"
        : error.Message;
}
