using ImageResize.Client;

namespace ImageResize.Cli.Results;

/// <summary>The JSON of <c>measure</c>, a line for each image.</summary>
internal sealed record MeasureReport(string Image, int? Width, int? Height, int? Orientation, string? Format, ReportedError? Error);

/// <summary>The JSON of <c>thumbnail</c>.</summary>
internal sealed record ThumbnailReport(string Image, string File, string ContentType, int Width, int Height, long Bytes, string? Note);

/// <summary>The JSON of <c>sign</c>, a line for each source.</summary>
internal sealed record AddressReport(string Source, string Address, string? ExpiresAt);

/// <summary>The JSON of a command that failed.</summary>
internal sealed record FailureReport(ReportedError Error);

internal sealed record ReportedError(string Code, string Message);

/// <summary>The JSON of <c>status</c> for a single job.</summary>
internal sealed record JobReport(
    string Id, string State, string? Source, ImageSize? Size, IReadOnlyList<StoredThumbnail>? Thumbnails, JobError? Error);

/// <summary>The JSON of commands about a batch.</summary>
internal sealed record BatchReport(string Id, string State, int? Total, BatchCounts Counts)
{
    public string? Name { get; init; }

    public string? RetryOf { get; init; }

    /// <summary>Files that were sent.</summary>
    public int? Uploaded { get; init; }

    /// <summary>Files that were not sent, because the service had them.</summary>
    public int? Reused { get; init; }

    /// <summary>Thumbnails in the folder of <c>--out</c>.</summary>
    public int? Saved { get; init; }

    /// <summary>Jobs that failed and files that the service refused, by reason.</summary>
    public IReadOnlyList<FailureGroup>? Failures { get; init; }

    public IReadOnlyList<SkippedFiles>? Skipped { get; init; }

    public static BatchReport Of(Batch batch) =>
        new(batch.Id, batch.State.ToString().ToLowerInvariant(), batch.Total, batch.Counts)
        {
            Name = batch.Name,
            RetryOf = batch.RetryOf,
            Skipped = batch.Skipped,
        };
}

internal sealed record FailureGroup(string Code, int Count, string Message, IReadOnlyList<string> Examples);
