namespace ImageResize.Core.Telemetry;

/// <summary>
/// Attributes of metrics and spans. Metrics have only those with few values: never ids, names of files or callers.
/// </summary>
public static class AttributeNames
{
    /// <summary><c>measure</c> or <c>thumbnail</c>.</summary>
    public const string Action = "imageresize.job.action";

    /// <summary><c>succeeded</c>, <c>failed</c> or <c>canceled</c>.</summary>
    public const string State = "imageresize.job.state";

    /// <summary>The error code, if there was an error.</summary>
    public const string Error = "error.type";

    /// <summary><c>file</c>, <c>blob</c>, <c>upload</c> or <c>web</c>.</summary>
    public const string SourceKind = "imageresize.source.kind";

    /// <summary>Where a thumbnail is stored: <c>file</c> or <c>blob</c>.</summary>
    public const string StoreKind = "imageresize.store.kind";

    /// <summary>The format of the image, for example <c>jpeg</c>.</summary>
    public const string Format = "imageresize.image.format";

    /// <summary><c>interactive</c>, <c>bulk</c>, or the poison queue of one of them.</summary>
    public const string Queue = "imageresize.queue";

    /// <summary><c>sources</c> or <c>decoding</c>.</summary>
    public const string Budget = "imageresize.memory.budget";

    /// <summary><c>table</c>, <c>queue</c> or <c>blob</c>.</summary>
    public const string StorageService = "imageresize.storage.service";

    /// <summary>The operator's name for a watch.</summary>
    public const string Watch = "imageresize.watch";

    public const string HttpMethod = "http.request.method";

    public const string HttpStatus = "http.response.status_code";

    /// <summary>Of spans only.</summary>
    public const string Job = "imageresize.job.id";

    /// <summary>Of spans only.</summary>
    public const string Batch = "imageresize.batch.id";
}
