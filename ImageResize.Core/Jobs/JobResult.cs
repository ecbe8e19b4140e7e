using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Jobs;

/// <summary>How a job ended. Written once and never changed.</summary>
public sealed record JobResult(string Source, DateTimeOffset FinishedAt)
{
    /// <summary>Present when it was asked for and could be read.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>None when no thumbnail was asked for; empty when they were and the job failed.</summary>
    public IReadOnlyList<MadeThumbnail>? Thumbnails { get; init; }

    /// <summary>Whether its batch was canceled before it had a result: it never ran, or nobody waited for what came of it.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>Why the job failed; none when it succeeded.</summary>
    public JobError? Error { get; init; }
}

/// <summary>A thumbnail that stands at its place.</summary>
/// <param name="Source">Where it is, spelled as a source.</param>
public sealed record MadeThumbnail(string Source, ImageFormat Format, int Width, int Height, long Bytes);

/// <param name="Code">Stable and for programs.</param>
/// <param name="Message">For people.</param>
public sealed record JobError(string Code, string Message)
{
    public static JobError Of(RefusedException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);

        return new JobError(refusal.Code.Name, refusal.Message);
    }

    public bool Is(ErrorCode code) => Code == code?.Name;
}
