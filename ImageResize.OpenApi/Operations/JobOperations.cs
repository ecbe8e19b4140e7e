using ImageResize.Core.Errors;

namespace ImageResize.OpenApi.Operations;

/// <summary>Jobs: submit, read the status, read a thumbnail, delete.</summary>
internal static class JobOperations
{
    private const string Tag = "Jobs";

    private static readonly ErrorCode[] NotThere = [ErrorCode.JobNotFound, ErrorCode.JobExpired];

    public static IReadOnlyList<Operation> All { get; } = [Submit(), Find(), ReadThumbnail(), Delete()];

    private static Operation Submit() => new("POST", "/v1/jobs", "submitJob", Tag, "Submit a job")
    {
        Description =
            "Measures one image and makes up to 17 thumbnails of it. The image is read once. A body may have 65,536 bytes. If the image " +
            "can't be used, the job fails and has an `error`.",
        Body = [new Content(Content.Json, "JobRequest", ("job", Examples.Job))],
        Answers =
        [
            new(202, "The job was queued.", new Content(Content.Json, "JobReply", ("queued", Examples.QueuedJob)))
            {
                Headers = ["Location", "Retry-After"],
            },
        ],
        Errors =
        [
            ErrorCode.InvalidSource, ErrorCode.SourceNotAllowed, ErrorCode.SourceIsFolder, ErrorCode.SourceNotFound,
            ErrorCode.SourceNotAFile, ErrorCode.UnknownPreset, ErrorCode.ContentEncodingNotSupported, ErrorCode.UnsupportedMediaType,
            ErrorCode.TooMuchOpenWork, ErrorCode.DailyBytesUsed,
        ],
    };

    private static Operation Find() => new("GET", "/v1/jobs/{id}", "getJob", Tag, "Get a job")
    {
        Description =
            "The state of a job and, when it has ended, its result. Results are kept for 7 days (`ImageResize__Jobs__RetentionDays`). " +
            "A key may have 200 concurrent requests with `wait`.",
        Parameters =
        [
            new(
                "wait",
                "query",
                """{ "type": "integer", "minimum": 0, "maximum": 60, "default": 0 }""",
                "The answer is sent when the job has ended, or after this number of seconds.",
                "20"),
        ],
        Answers =
        [
            new(
                200,
                "The job. `Retry-After` is set while it's queued.",
                new Content(
                    Content.Json, "JobReply",
                    ("succeeded", Examples.SucceededJob), ("failed", Examples.FailedJob), ("queued", Examples.QueuedJob)))
            {
                Headers = ["Retry-After"],
            },
        ],
        Errors = [.. NotThere, ErrorCode.InvalidRequest],
    };

    private static Operation Delete() => new("DELETE", "/v1/jobs/{id}", "deleteJob", Tag, "Delete a job")
    {
        Description =
            "Deletes the result of a job and its thumbnails, and cancels it if it is queued. Thumbnails of files and blobs stay beside " +
            "them, because jobs of others make the same ones. Deleting it again succeeds.",
        Answers = [Answer.Deleted, Answer.DeletedSoon],
        Errors = NotThere,
    };

    private static Operation ReadThumbnail() =>
        new("GET", "/v1/jobs/{id}/thumbnails/{number}", "getThumbnail", Tag, "Get the bytes of a thumbnail")
        {
            Description =
                "Sent whole: a `Range` header is ignored. With `ImageResize__Thumbnails__...` of the service set so, the answer for a " +
                "thumbnail in a blob is a redirect to a signed link.",
            Answers =
            [
                new(200, "The image.", new Content("image/*", Schema: null)) { Headers = ["ETag"] },
                new(304, "The image is that of the `ETag` in `If-None-Match`."),
            ],
            Errors = [.. NotThere, ErrorCode.ThumbnailNotFound, ErrorCode.NotFound, ErrorCode.PreconditionFailed],
        };
}
