using ImageResize.Core.Errors;

namespace ImageResize.OpenApi.Operations;

/// <summary>Batches: submit, follow, read, cancel, retry.</summary>
internal static class BatchOperations
{
    private const string Tag = "Batches";

    private static readonly ErrorCode[] NotThere = [ErrorCode.BatchNotFound, ErrorCode.BatchExpired];

    public static IReadOnlyList<Operation> All { get; } =
        [Submit(), List(), Find(), ListJobs(), Follow(), ReadThumbnails(), Cancel(), Retry()];

    private static Operation Submit() => new("POST", "/v1/batches", "submitBatch", Tag, "Submit a batch")
    {
        Description =
            "Many images under one id: as JSON (up to 10,000 items and 16 MiB), as one line of JSON per item (up to 100,000 and 100 MiB) " +
            "or as a blob of such lines, a manifest (up to a million). An item can be any source, including folders and prefixes, and " +
            "may have 32,768 bytes. Invalid items are reported together, the first hundred, and nothing is queued.",
        Parameters =
        [
            Text("name", 200, "With lines: the name of the batch.", "spring"),
            Text("preset", 200, "With lines: the preset of items without actions.", "card"),
            Text("callback", 2_048, "With lines: the address that is called when the batch has ended.", "https://shop.example/ready"),
        ],
        Body =
        [
            new Content(Content.Json, "BatchRequest", ("items", Examples.Batch), ("manifest", Examples.ManifestBatch)),
            new Content(
                "application/x-ndjson",
                """{ "type": "string", "description": "One `ItemRequest` per line." }""",
                ("lines", Examples.Lines)),
        ],
        Answers = [Accepted("The batch was queued.")],
        Errors =
        [
            ErrorCode.InvalidItems, ErrorCode.InvalidItem, ErrorCode.TooManyItems, ErrorCode.UnknownPreset, ErrorCode.InvalidSource,
            ErrorCode.SourceNotAllowed,
            ErrorCode.SourceNotFound, ErrorCode.SourceNotAFile, ErrorCode.InvalidCallback, ErrorCode.CallbackNotAllowed,
            ErrorCode.CallbacksSwitchedOff, ErrorCode.ContentEncodingNotSupported, ErrorCode.SourceTooLarge,
            ErrorCode.UnsupportedMediaType, ErrorCode.TooMuchOpenWork, ErrorCode.DailyBytesUsed, ErrorCode.Busy, ErrorCode.DiskFull,
        ],
    };

    private static Operation List() => new("GET", "/v1/batches", "listBatches", Tag, "List batches")
    {
        Description =
            "The caller's batches, the newest first, up to 20 per page. A page has fewer if a filter matches few of the 100 batches that " +
            "it looks at: follow `nextLink` until it's missing. Jobs that were submitted alone aren't listed. `callback` is left out.",
        Parameters =
        [
            new(
                "state",
                "query",
                """{ "type": "string", "enum": ["queued", "running", "completed", "canceled"] }""",
                "Selects batches by their state.",
                "\"running\""),
            Text("name", 200, "Selects batches whose name contains this text, in any case.", "spring"),
            Text("after", 36, "The last batch of the page before, as in `nextLink`.", Examples.Id),
        ],
        Answers =
        [
            new(200, "A page of batches.", new Content(
                Content.Json, "BatchPageReply", ("one", $$"""{ "value": [ {{Examples.CompletedBatch}} ] }"""))),
        ],
        Errors = [ErrorCode.InvalidRequest],
    };

    private static Operation Find() => new("GET", "/v1/batches/{id}", "getBatch", Tag, "Get a batch")
    {
        Description =
            "The state and progress of a batch. Counts of the first 400 jobs are updated every few seconds, then once per 100 jobs, " +
            "and in batches of more than 100,000 jobs up to a minute later. The id of a job that was submitted alone is also that of its " +
            "batch.",
        Answers = [Found("The batch.", ("running", Examples.RunningBatch), ("queued", Examples.QueuedBatch))],
        Errors = NotThere,
    };

    private static Operation ListJobs() => new("GET", "/v1/batches/{id}/jobs", "listJobs", Tag, "List the jobs of a batch")
    {
        Description = "The jobs in their order, 100 per page. Follow `nextLink` until it's missing.",
        Parameters =
        [
            new(
                "state",
                "query",
                """{ "type": "string", "enum": ["queued", "succeeded", "failed", "canceled"] }""",
                "Selects jobs. Without it, pages contain all jobs.",
                "\"failed\""),
            new(
                "from",
                "query",
                """{ "type": "integer", "minimum": 0, "maximum": 2147483647, "default": 0 }""",
                "The number of the first job, as in `nextLink`.",
                "100"),
        ],
        Answers = [new(200, "A page of jobs.", new Content(Content.Json, "JobPageReply", ("failed", Examples.JobPage)))],
        Errors = [.. NotThere, ErrorCode.InvalidRequest],
    };

    private static Operation Follow() => new("GET", "/v1/batches/{id}/events", "followBatch", Tag, "Follow a batch")
    {
        Description =
            "Server-sent events: `progress` with the batch when it has changed, at most once a second; `heartbeat` after 15 seconds " +
            "without another event; and `end`. A key may have 200 concurrent event streams, archives and waits. `HEAD` is refused with " +
            "405.",
        Answers =
        [
            new(200, "Events until the batch has ended. The data of `progress` and `end` is a `BatchReply`.", new Content(
                "text/event-stream",
                """{ "type": "string" }""",
                ("end",
                $$$"""
                event: progress
                data: {"id":"{{{Examples.Id}}}","state":"running","total":2,"counts":{"queued":1,"succeeded":1,"failed":0,"canceled":0}}

                event: end
                data: {"id":"{{{Examples.Id}}}","state":"completed","total":2,"counts":{"queued":0,"succeeded":2,"failed":0,"canceled":0}}

                """))),
        ],
        Errors = NotThere,
    };

    private static Operation ReadThumbnails() =>
        new("GET", "/v1/batches/{id}/thumbnails.zip", "getThumbnails", Tag, "Get the thumbnails of a batch as an archive")
        {
            Description = "Streamed. Contains the thumbnails that exist when it's requested, under the names of their jobs or else " +
                "their sources, and the failed jobs as `failures.csv`.",
            Answers = [new(200, "A zip archive.", new Content("application/zip", Schema: null))],
            Errors = NotThere,
        };

    private static Operation Cancel() => new("DELETE", "/v1/batches/{id}", "cancelBatch", Tag, "Cancel or delete a batch")
    {
        Description =
            "No further job starts. Jobs in progress have two seconds to finish. Results are final. For a batch of tens of thousands, " +
            "the answer may be sent before all results are written. With `purge=true` the batch is deleted: its jobs, results, name and " +
            "thumbnails. Thumbnails of files and blobs stay beside them, because jobs of others make the same ones. Deleting it again " +
            "succeeds.",
        Parameters =
        [
            new(
                "purge",
                "query",
                """{ "type": "string", "enum": ["true", "false"], "default": "false" }""",
                "Deletes the batch.",
                "\"true\""),
        ],
        Answers =
        [
            Found("The batch, canceled or ended before.", ("ended", Examples.CompletedBatch)), Answer.Deleted, Answer.DeletedSoon,
        ],
        Errors = [.. NotThere, ErrorCode.InvalidRequest],
    };

    private static Operation Retry() => new("POST", "/v1/batches/{id}/retry", "retryBatch", Tag, "Retry jobs of a batch")
    {
        Description =
            "After the end of a batch: a new batch of its failed jobs, with the same callback. Jobs with errors that a retry can't " +
            "fix, such as `damaged`, are retried only if `error` names them.",
        Parameters =
        [
            new(
                "state",
                "query",
                """{ "type": "string", "enum": ["failed", "canceled"], "default": "failed" }""",
                "Whether failed or canceled jobs are retried.",
                "\"canceled\""),
            Text(
                "error",
                1_000,
                "Retries only failed jobs with these error codes, separated by commas; `any` for all.",
                "source_not_found"),
        ],
        Answers = [Accepted("The new batch was queued. Its `retryOf` is the id of the first one.")],
        Errors =
        [
            .. NotThere, ErrorCode.InvalidRequest, ErrorCode.BatchNotOver, ErrorCode.NothingFailed, ErrorCode.TooMuchOpenWork,
            ErrorCode.DailyBytesUsed,
        ],
    };

    private static Answer Accepted(string description) =>
        new(202, description, new Content(Content.Json, "BatchReply", ("queued", Examples.QueuedBatch)))
        {
            Headers = ["Location", "Retry-After"],
        };

    private static Answer Found(string description, params (string Name, string Value)[] examples) =>
        new(200, description, new Content(Content.Json, "BatchReply", examples));

    private static Parameter Text(string name, int maxLength, string description, string example) =>
        new(name, "query", $$"""{ "type": "string", "maxLength": {{maxLength}} }""", description, $"\"{example}\"");
}
