using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Primitives;

namespace ImageResize.Functions.Http.OldProgram;

/// <summary>The old program's <c>/result</c>: one answer for a job, in the old words.</summary>
internal static class ResultEndpoints
{
    public static IEndpointRouteBuilder MapResult(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/result", FindAsync);

        return routes;
    }

    private static async Task<IResult> FindAsync(HttpRequest request, JobReader jobs, CancellationToken cancellationToken)
    {
        var asked = request.Query["jobId"];
        if (StringValues.IsNullOrEmpty(asked))
        {
            return OldReply.Error(400, "Does not specify jobId parameter. Image request is invalid.");
        }

        if (asked.Count > 1)
        {
            return OldReply.Error(400, $"jobId is given {asked.Count} times");
        }

        var status = JobId.TryParse(asked[0], out var id)
            ? await jobs.FindAsync(id, cancellationToken)
            : new JobStatus(JobState.Unknown);

        return status switch
        {
            { Result: { } result } => ReplyOf(result),
            { State: JobState.Unknown or JobState.Expired } =>
                OldReply.Error(404, $"An error occured when trying to fetch the job. Error Message: No such job exists: {asked[0]}."),
            { State: JobState.Canceled } => OldReply.Error(404, $"Target job with jobId={asked[0]} was canceled."),
            _ => OldReply.Error(404, $"Target job with jobId={asked[0]} cannot find. Please check its status and try again later."),
        };
    }

    private static IResult ReplyOf(JobResult result) => result switch
    {
        { Thumbnails: [var thumbnail, ..], Error: null } => OldReply.Resized(true, thumbnail.Source),
        { Thumbnails: not null } => OldReply.Resized(false, OldWords(result.Error!)),
        { Size: { } size } => OldReply.Measured(size.Width, size.Height, "Get the size of target image successfully."),
        _ => OldReply.Measured(-1, -1, OldWords(result.Error!)),
    };

    /// <summary>The replaced program has three messages; all other reasons keep ours.</summary>
    private static string OldWords(JobError error) =>
        error.Is(ErrorCode.SourceNotFound) ? "Image file does not exist."
        : error.Is(ErrorCode.SourceNotAFile) ? "The given image path is not a file."
        : error.Is(ErrorCode.NotAnImage) ? "The given image path is not a valid image format"
        : error.Message;
}
