using ImageResize.Core.Errors;

namespace ImageResize.OpenApi.Operations;

/// <summary>Health, metrics, and the description of the service itself.</summary>
internal static class ServiceOperations
{
    private const string Tag = "Service";

    private const string Text = """{ "type": "string" }""";

    public static IReadOnlyList<Operation> All { get; } =
        [Live(), Ready(), History(), Metrics(), Home(), Document("json"), Document("yaml")];

    private static Operation Live() => new("GET", "/health/live", "getLive", Tag, "Check that the process works")
    {
        Description = "200 while the process works, even if storage is unavailable, because a restart wouldn't help.",
        Access = Access.Public,
        Answers = [new(200, "The process works.", new Content(Content.Json, "HealthReply", ("live", """{ "status": "live" }""")))],
    };

    private static Operation Ready() => new("GET", "/health/ready", "getReady", Tag, "Check that jobs can be processed")
    {
        Description =
            "One check of at most 2 seconds serves all requests within 3 seconds. With the admin key, the answer has `parts` and `engine`.",
        Access = Access.Public,
        Answers =
        [
            new(200, "Jobs can be processed.", new Content(Content.Json, "HealthReply", ("ready", """{ "status": "ready" }"""))),
            new(503, "The queue, the table, the images folder or blobs don't work.", new Content(
                Content.Json, "HealthReply", ("notReady", """{ "status": "not ready" }"""), ("details", Examples.Health))),
        ],
    };

    private static Operation History() =>
        new("GET", "/v1/health/history", "getHealthHistory", Tag, "Get the last hours of all instances")
        {
            Description =
                "Each instance of the service stores its counts once a minute. Any instance shows those of all, under either host with " +
                "the admin key of the settings.",
            Access = Access.Operator,
            Parameters =
            [
                new(
                    "hours", "query", """{ "type": "integer", "minimum": 1, "maximum": 24, "default": 3 }""",
                    "The number of hours to show.", "1"),
            ],
            Answers = [new(200, "The history.", new Content(Content.Json, "HistoryReply", ("history", Examples.History)))],
            Errors = [ErrorCode.InvalidRequest],
        };

    private static Operation Metrics() => new("GET", "/metrics", "getMetrics", Tag, "Get metrics")
    {
        Description = "In the Prometheus text format. Counters are per instance since its start; queue lengths are those of all instances. "
            + "Only standalone: under the Functions host, metrics are exported.",
        Access = Access.Operator,
        Answers =
        [
            new(200, "The metrics.", new Content("text/plain", Text, ("metrics",
                """
                # TYPE imageresize_jobs_accepted_total counter
                # HELP imageresize_jobs_accepted_total Jobs submitted to this process.
                imageresize_jobs_accepted_total 12

                """))),
        ],
    };

    private static Operation Home() => new("GET", "/", "getHome", Tag, "See that the service runs")
    {
        Description = "The web page if `Accept` names `text/html`, as that of browsers does. Otherwise a sentence.",
        Access = Access.Public,
        Answers = [new(200, "The service runs.", new Content("text/plain", Text), new Content("text/html", Text))],
    };

    private static Operation Document(string format) => new(
        "GET", $"/openapi.{format}", $"getOpenApi{char.ToUpperInvariant(format[0])}{format[1..]}", Tag,
        $"Get this document as {format.ToUpperInvariant()}")
    {
        Description = "The OpenAPI document of the service. A readable reference is at `/docs`.",
        Access = Access.Public,
        Answers = [new(200, "The document.", new Content($"application/{format}", """{ "type": "object" }""")) { Headers = ["ETag"] }],
    };
}
