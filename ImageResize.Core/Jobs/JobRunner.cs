using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Memory;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Names;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Jobs;

/// <summary>Runs a job: reads its source and does its actions. Running a job again gives the same result.</summary>
public sealed partial class JobRunner(
    SourceReader sources,
    GuardedThumbnailer thumbnailer,
    ThumbnailStores stores,
    DailyBytes bytes,
    TimeProvider clock,
    ILogger<JobRunner> logger)
{
    private static readonly Func<ILogger, JobId, IDisposable?> JobScope = LoggerMessage.DefineScope<JobId>("Job {JobId}");

    /// <summary>One more than images are decoded in parallel, so that the next source is read meanwhile.</summary>
    public int MaxParallelJobs => thumbnailer.Width + 1;

    /// <summary>Takes a place in the queue of images to be decoded, which jobs that belong together share.</summary>
    public ImagePriority TakePriority(bool isUrgent, string? caller) => thumbnailer.TakePriority(isUrgent) with { Caller = caller ?? "" };

    /// <param name="isSuspect">Whether the image may have crashed a worker; it is then decoded in a child process.</param>
    /// <returns>The result; if the source or the image is refused, that of a failed job.</returns>
    /// <exception cref="SourceBusyException">The source's server is busy with other jobs. The job must run again.</exception>
    /// <exception cref="Exception">A fault of this program or of storage, after which the job must run again.</exception>
    public async Task<JobResult> RunAsync(JobId id, Job job, ImagePriority priority, bool isSuspect, CancellationToken cancellationToken)
    {
        using var scope = JobScope(logger, id);
        using var span = StartSpan(id, job);
        var result = await RunOrRefuseAsync(id, job, priority, isSuspect, cancellationToken);
        if (result.Error is { } error)
        {
            span?.SetTag(AttributeNames.Error, error.Code);
            span?.SetStatus(ActivityStatusCode.Error);
        }

        return result;
    }

    private async Task<JobResult> RunOrRefuseAsync(
        JobId id, Job job, ImagePriority priority, bool isSuspect, CancellationToken cancellationToken)
    {
        if (job.Refusal is { } refused)
        {
            return Refuse(id, job, refused);
        }

        try
        {
            JobResult result;
            var work = job.Actions.All.Aggregate(new ImageWork(Measure: false, []), (work, action) => action.AddTo(work));
            if (work.Specs.Count == 0 && !isSuspect)
            {
                await using var stream = await sources.OpenAsync(job.Source, cancellationToken);
                job = WithName(job, (stream as INamedImage)?.ImageName);
                result = await MeasureAsync(job, stream, cancellationToken);
            }
            else
            {
                using var source = await sources.ReadAsync(job.Source, new MemoryTurn(priority.Caller), cancellationToken);
                job = WithName(job, source.Name);
                result = await ProcessAsync(job, source, work, priority, isSuspect, cancellationToken);
            }

            LogSucceeded(id, job.Source);

            return result;
        }
        catch (RefusedException refusal)
        {
            return Refuse(id, job, JobError.Of(refusal));
        }
    }

    /// <returns>Null if the trace is not recorded.</returns>
    private static Activity? StartSpan(JobId id, Job job)
    {
        var span = Activity.Current is null ? null : Instruments.Activities.StartActivity("job");
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(AttributeNames.Job, id.ToString());
            span.SetTag(AttributeNames.SourceKind, job.Source.Kind);
        }

        return span;
    }

    /// <summary>Reads only as much of the source as its header takes.</summary>
    private async Task<JobResult> MeasureAsync(Job job, Stream stream, CancellationToken cancellationToken)
    {
        var done = new ImageWorkResult(await thumbnailer.MeasureAsync(stream, cancellationToken), []);

        return await CompleteAsync(job, job.Actions.All, Begin(job), done, cancellationToken);
    }

    /// <summary>Stores the thumbnails of each part before the next part is made.</summary>
    /// <param name="source">Disposed of as soon as it is not needed.</param>
    private async Task<JobResult> ProcessAsync(
        Job job,
        SourceBytes source,
        ImageWork work,
        ImagePriority priority,
        bool isSuspect,
        CancellationToken cancellationToken)
    {
        var parts = new Queue<ImageWork>(thumbnailer.Divide(source.Bytes.Span, work));
        var actions = job.Actions.All.ToList();
        var result = Begin(job);
        while (parts.TryDequeue(out var part))
        {
            var done = await thumbnailer.MakeAsync(source.Bytes, part, priority, isSuspect, cancellationToken);
            if (parts.Count == 0)
            {
                // The source is not needed while the last thumbnails are stored.
                source.Dispose();
            }

            var count = part.Specs.Count + (part.Measure ? 1 : 0);
            result = await CompleteAsync(job, actions.Take(count), result, done, cancellationToken);
            bytes.Add(priority.Caller, done.Thumbnails.Sum(thumbnail => (long)thumbnail.Bytes.Length));
            actions.RemoveRange(0, count);
        }

        return result;
    }

    private async Task<JobResult> CompleteAsync(
        Job job,
        IEnumerable<JobAction> actions,
        JobResult result,
        ImageWorkResult done,
        CancellationToken cancellationToken)
    {
        var output = new JobOutput(job.Source, done, sources, stores);
        foreach (var action in actions)
        {
            result = await action.CompleteAsync(result, output, cancellationToken);
        }

        return result with { FinishedAt = clock.GetUtcNow() };
    }

    private static JobResult Begin(Job job) => new(job.Source, default) { Name = job.Name };

    /// <summary>A name that the caller gave the job replaces that of the uploaded file.</summary>
    private static Job WithName(Job job, string? name) => job.Name is null && name is not null ? job with { Name = name } : job;

    private JobResult Refuse(JobId id, Job job, JobError error)
    {
        LogRefused(id, job.Source, error.Message);

        return JobResult.Failed(job, error, clock.GetUtcNow());
    }

    [LoggerMessage(2001, LogLevel.Debug, "Job {JobId} succeeded: {Source}", EventName = "JobRunnerSucceeded")]
    private partial void LogSucceeded(JobId jobId, SourceUri source);

    [LoggerMessage(2002, LogLevel.Warning, "Job {JobId} was refused: {Source}: {Reason}", EventName = "JobRunnerRefused")]
    private partial void LogRefused(JobId jobId, SourceUri source, string reason);
}
