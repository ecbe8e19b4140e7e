using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using ImageResize.Functions.Http.Proxies;

namespace ImageResize.Functions.Http.Jobs;

/// <summary>
/// A job in responses of <c>/v1</c>. Links have no host, because behind a proxy the application does not know the caller's.
/// </summary>
public sealed record JobReply(string Id, JobState State)
{
    public string? Name { get; init; }

    public string? Source { get; init; }

    public DateTimeOffset? SubmittedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public ImageSize? Size { get; init; }

    public IReadOnlyList<ThumbnailReply>? Thumbnails { get; init; }

    public JobError? Error { get; init; }

    public required JobLinks Links { get; init; }

    internal static string AddressOf(JobId id) => PublicPath.Of($"/v1/jobs/{id}");

    /// <param name="source">The source, if it is known before there is a result.</param>
    internal static JobReply Of(JobId id, JobStatus status, SourceUri? source = null)
    {
        var result = status.Result;

        return new JobReply(id.ToString(), status.State)
        {
            Name = status.Name,
            Source = (result?.Source ?? status.CanceledSource ?? source)?.Redacted,
            SubmittedAt = id.Batch.SubmittedAt,
            FinishedAt = result?.FinishedAt,
            Size = result?.Size,
            Thumbnails = result?.Thumbnails?.Select((thumbnail, i) => ThumbnailReply.Of(id, i, thumbnail)).ToList(),
            Error = result?.Error,
            Links = new JobLinks(AddressOf(id), AddressOf(id) + "?wait=20"),
        };
    }
}

/// <param name="Wait">The address that responds when the job has ended.</param>
public sealed record JobLinks(string Self, string Wait);

/// <param name="Source">Where the thumbnail is stored. Can be used as a source.</param>
/// <param name="Href">The address of its bytes.</param>
public sealed record ThumbnailReply(int Width, int Height, ImageFormat Format, long Bytes, string Source, string Href)
{
    /// <summary>How the thumbnail differs from what was asked for.</summary>
    public string? Note { get; init; }

    internal static ThumbnailReply Of(JobId id, int number, MadeThumbnail made) => new(
        made.Width,
        made.Height,
        made.Format,
        made.Bytes,
        made.Source.Redacted,
        $"{JobReply.AddressOf(id)}/thumbnails/{number}")
    {
        Note = made.Note,
    };
}
