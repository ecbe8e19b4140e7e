using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Jobs;

/// <summary>Carries out one job: reads its source, measures it, makes its thumbnails. Doing it twice gives the same again.</summary>
public sealed partial class JobProcessor(
    SourceReader sources,
    GuardedThumbnailer thumbnailer,
    ThumbnailPlaces thumbnails,
    TimeProvider clock,
    ILogger<JobProcessor> logger)
{
    /// <param name="turn">Where images wait for a core.</param>
    /// <param name="isSuspect">A process may have died of its picture.</param>
    /// <returns>How the job ended; a refusal is a failed job.</returns>
    /// <exception cref="Exception">A fault of ours or of storage: the message is to come back.</exception>
    public async Task<JobResult> ProcessAsync(JobId id, Job job, ImagePriority turn, bool isSuspect, CancellationToken cancellationToken)
    {
        if (job.Refusal is { } refused)
        {
            return Refuse(id, job, refused.Code, refused.Message);
        }

        try
        {
            var result = job.Actions.Thumbnails.Count == 0 && !isSuspect
                ? await MeasureAsync(job, cancellationToken)
                : await MakeThumbnailsAsync(job, turn, isSuspect, cancellationToken);
            LogSucceeded(id, ShownSource.InLog(job.Source));

            return result;
        }
        catch (RefusedException refusal)
        {
            return Refuse(id, job, refusal.Code.Name, refusal.Message);
        }
    }

    /// <summary>The result of a job that ends without having been carried out.</summary>
    public JobResult Fail(Job job, string code, string message) => new(job.Source, clock.GetUtcNow())
    {
        Thumbnails = job.Actions.Thumbnails.Count == 0 ? null : [],
        Error = new JobError(code, message),
    };

    private async Task<JobResult> MeasureAsync(Job job, CancellationToken cancellationToken)
    {
        await using var stream = await sources.OpenAsync(job.Source, cancellationToken);
        var size = await thumbnailer.MeasureAsync(stream, cancellationToken);

        return new JobResult(job.Source, clock.GetUtcNow()) { Size = size };
    }

    private async Task<JobResult> MakeThumbnailsAsync(Job job, ImagePriority turn, bool isSuspect, CancellationToken cancellationToken)
    {
        using var source = await sources.ReadAsync(job.Source, cancellationToken);
        var work = new ImageWork(job.Actions.Measure, [.. job.Actions.Thumbnails.Select(wanted => wanted.Spec)]);
        var (size, made) = await thumbnailer.MakeAsync(source.Bytes, work, turn, isSuspect, cancellationToken);
        if (job.Actions.Thumbnails.Count == 0)
        {
            return new JobResult(job.Source, clock.GetUtcNow()) { Size = size };
        }

        var stored = new List<MadeThumbnail>(made.Count);
        foreach (var (wanted, thumbnail) in job.Actions.Thumbnails.Zip(made))
        {
            var place = thumbnails.PlaceOf(job.Source, wanted, thumbnail.Format);
            await thumbnails.PutAsync(place, thumbnail, cancellationToken);
            stored.Add(new MadeThumbnail(place, thumbnail.Format, thumbnail.Width, thumbnail.Height, thumbnail.Bytes.Length));
        }

        return new JobResult(job.Source, clock.GetUtcNow()) { Size = size, Thumbnails = stored };
    }

    private JobResult Refuse(JobId id, Job job, string code, string message)
    {
        LogRefused(id, ShownSource.InLog(job.Source), message);

        return Fail(job, code, message);
    }

    [LoggerMessage(LogLevel.Debug, "Job {JobId} succeeded: {Source}")]
    private partial void LogSucceeded(JobId jobId, string source);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} was refused: {Source}: {Reason}")]
    private partial void LogRefused(JobId jobId, string source, string reason);
}
