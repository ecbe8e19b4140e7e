using System.Net.Mime;
using System.Security.Cryptography;
using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Names;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Problems;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Jobs;

/// <summary>Endpoints of jobs: submit, read the status, read a thumbnail.</summary>
internal static class JobEndpoints
{
    /// <summary>Twice the length of a job with the longest source and all actions, written with escapes.</summary>
    private const long MaxJobBytes = 65_536;

    private const int MaxWaitSeconds = 60;
    private const string RetryAfterSeconds = "1";

    public static IEndpointRouteBuilder MapJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/jobs", SubmitAsync).WithMetadata(new RequestSizeLimit(MaxJobBytes))
            .Accepts<JobRequest>(isOptional: true, MediaTypeNames.Application.Json);
        routes.MapMethods("/v1/jobs/{id}", ReadMethods.All, FindAsync).WithMetadata(new KnownParameters("wait"));
        routes.MapMethods("/v1/jobs/{id}/thumbnails/{number:int:min(0)}", ReadMethods.All, ReadThumbnailAsync)
            .WithMetadata(new LargeResponse());

        return routes;
    }

    private static async Task<Accepted<JobReply>> SubmitAsync(
        HttpRequest http,
        SourceReader sources,
        ActionReader actions,
        BatchSubmitter submitter,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var request = await ReadAsync(http, cancellationToken);
        var source = sources.Normalize(request.Source);
        var kind = await sources.FindKindAsync(source, cancellationToken);
        SourceReader.RefusePattern(source, kind);
        if (kind == SourceKind.Folder)
        {
            throw new RefusedException(ErrorCode.SourceIsFolder, "The source is a folder. A job takes one image.");
        }

        var job = new Job(source, actions.Read(request.Actions)) { Name = ImageName.Clean(request.Name) };
        var batch = await submitter.SubmitAsync(job, cancellationToken);
        var id = new JobId(batch.Id);
        response.Headers.RetryAfter = RetryAfterSeconds;

        return TypedResults.Accepted(JobReply.AddressOf(id), JobReply.Of(id, new JobStatus(JobState.Queued) { Name = job.Name }));
    }

    private static async Task<JobRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            throw new RefusedException(
                ErrorCode.UnsupportedMediaType, "The body must be JSON. Send it with Content-Type: application/json.");
        }

        await using var body = await ReceivedBody.ReceiveAsync(request, cancellationToken);
        var job = body.Length == 0 ? null : await JsonBody.ReadAsync<JobRequest>(request, body, cancellationToken);
        if (job is null)
        {
            throw new RefusedException(ErrorCode.InvalidRequest, "The body is missing. Send a job as JSON, with a source and actions.");
        }

        InvalidValue[] invalid = [.. InvalidValue.In(job), .. InvalidValue.InActions(job.Actions)];

        return invalid.Length == 0 ? job : throw new InvalidValuesException(invalid);
    }

    private static async Task<Ok<JobReply>> FindAsync(
        string id,
        HttpRequest request,
        BatchQueries jobs,
        IHostApplicationLifetime lifetime,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var wait = QueryParameters.FindNumber(request, "wait", MaxWaitSeconds) ?? 0;
        var (jobId, status) = await GetRequiredAsync(id, TimeSpan.FromSeconds(wait), jobs, lifetime.ApplicationStopping, cancellationToken);
        if (status.State == JobState.Queued)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return TypedResults.Ok(JobReply.Of(jobId, status));
    }

    private static async Task<Results<FileStreamHttpResult, RedirectHttpResult>> ReadThumbnailAsync(
        string id,
        int number,
        BatchQueries jobs,
        ThumbnailStores thumbnails,
        HttpRequest request,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var (_, status) = await GetRequiredAsync(id, TimeSpan.Zero, jobs, CancellationToken.None, cancellationToken);
        if (status.Result?.Thumbnails?.ElementAtOrDefault(number) is not { } thumbnail)
        {
            throw NoThumbnail(id, number);
        }

        if (!IsOfOwnPage(request) && await thumbnails.FindLinkAsync(thumbnail.Source, cancellationToken) is { } link)
        {
            response.Headers.CacheControl = "no-store";

            return TypedResults.Redirect(link.AbsoluteUri, preserveMethod: true);
        }

        try
        {
            // Streamed, because a caller may read a large thumbnail slowly. The result disposes of the stream.
            var image = await thumbnails.OpenAsync(thumbnail.Source, cancellationToken);
            response.Headers.CacheControl = "private, no-cache";

            return TypedResults.Stream(image, thumbnail.Format.GetContentType(), entityTag: await TagOfAsync(image, cancellationToken));
        }
        catch (RefusedException)
        {
            // The thumbnail was deleted after it was made.
            throw NoThumbnail(id, number);
        }
    }

    /// <summary>The page of this service may not connect to other servers, so it can't follow links.</summary>
    private static bool IsOfOwnPage(HttpRequest request) => request.Headers["Sec-Fetch-Site"] == "same-origin";

    private static async Task<(JobId Id, JobStatus Status)> GetRequiredAsync(
        string text,
        TimeSpan wait,
        BatchQueries jobs,
        CancellationToken stopping,
        CancellationToken cancellationToken)
    {
        var status = JobId.TryParse(text, out var id) && CurrentCaller.MayUse(id.Batch)
            ? await jobs.WaitForJobAsync(id, wait, stopping, cancellationToken) : new JobStatus(JobState.Unknown);

        return status.State switch
        {
            JobState.Unknown => throw NotFound(text),
            JobState.Expired => throw Expired(text),
            _ => (id, status),
        };
    }

    internal static RefusedException NotFound(string id) => new(ErrorCode.JobNotFound, $"There is no job '{id}'.");

    internal static RefusedException Expired(string id) => new(ErrorCode.JobExpired, $"The results of job '{id}' have expired.");

    private static RefusedException NoThumbnail(string id, int number) =>
        new(ErrorCode.ThumbnailNotFound, $"Job '{id}' has no thumbnail {number}.");

    /// <summary>Reads the image once before it is sent. Both reads are of one version, for blobs as well as for files.</summary>
    private static async Task<EntityTagHeaderValue> TagOfAsync(Stream image, CancellationToken cancellationToken)
    {
        try
        {
            var hash = await SHA256.HashDataAsync(image, cancellationToken);
            image.Position = 0;

            return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash)[..32]}\"");
        }
        catch
        {
            await image.DisposeAsync();
            throw;
        }
    }
}
