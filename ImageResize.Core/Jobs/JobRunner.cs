using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Jobs;

/// <summary>Runs a job: reads its source and does its actions. Running a job again gives the same result.</summary>
public sealed partial class JobRunner(
    SourceReader sources,
    GuardedThumbnailer thumbnailer,
    ThumbnailStores stores,
    TimeProvider clock,
    ILogger<JobRunner> logger)
{
    /// <summary>One more than images are decoded in parallel, so that the next source is read meanwhile.</summary>
    public int MaxParallelJobs => thumbnailer.Width + 1;

    /// <summary>Takes a place in the queue of images to be decoded, which jobs that belong together share.</summary>
    public ImagePriority TakePriority(bool isUrgent) => thumbnailer.TakePriority(isUrgent);

    /// <param name="isSuspect">Whether the image may have crashed a worker; it is then decoded in a child process.</param>
    /// <returns>The result; if the source or the image is refused, that of a failed job.</returns>
    /// <exception cref="Exception">A fault of this program or of storage, after which the job must run again.</exception>
    public async Task<JobResult> RunAsync(JobId id, Job job, ImagePriority priority, bool isSuspect, CancellationToken cancellationToken)
    {
        if (job.Refusal is { } refused)
        {
            return Refuse(id, job, refused);
        }

        try
        {
            var work = job.Actions.All.Aggregate(new ImageWork(Measure: false, []), (work, action) => action.AddTo(work));
            var done = work.Specs.Count == 0 && !isSuspect
                ? await MeasureAsync(job, cancellationToken)
                : await ProcessAsync(job, work, priority, isSuspect, cancellationToken);
            var result = await CompleteAsync(job, done, cancellationToken);
            LogSucceeded(id, job.Source);

            return result;
        }
        catch (RefusedException refusal)
        {
            return Refuse(id, job, JobError.Of(refusal));
        }
    }

    /// <summary>Reads only as much of the source as its header takes.</summary>
    private async Task<ImageWorkResult> MeasureAsync(Job job, CancellationToken cancellationToken)
    {
        await using var stream = await sources.OpenAsync(job.Source, cancellationToken);

        return new ImageWorkResult(await thumbnailer.MeasureAsync(stream, cancellationToken), []);
    }

    private async Task<ImageWorkResult> ProcessAsync(
        Job job,
        ImageWork work,
        ImagePriority priority,
        bool isSuspect,
        CancellationToken cancellationToken)
    {
        using var source = await sources.ReadAsync(job.Source, cancellationToken);

        return await thumbnailer.MakeAsync(source.Bytes, work, priority, isSuspect, cancellationToken);
    }

    private async Task<JobResult> CompleteAsync(Job job, ImageWorkResult done, CancellationToken cancellationToken)
    {
        var output = new JobOutput(job.Source, done, sources, stores);
        var result = new JobResult(job.Source, default);
        foreach (var action in job.Actions.All)
        {
            result = await action.CompleteAsync(result, output, cancellationToken);
        }

        return result with { FinishedAt = clock.GetUtcNow() };
    }

    private JobResult Refuse(JobId id, Job job, JobError error)
    {
        LogRefused(id, job.Source, error.Message);

        return JobResult.Failed(job, error, clock.GetUtcNow());
    }

    [LoggerMessage(LogLevel.Debug, "Job {JobId} succeeded: {Source}")]
    private partial void LogSucceeded(JobId jobId, SourceUri source);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} was refused: {Source}: {Reason}")]
    private partial void LogRefused(JobId jobId, SourceUri source, string reason);
}
