using ImageResize.Cli.Terminal;
using ImageResize.Client;

namespace ImageResize.Cli.Results;

/// <summary>Follows a batch to its end, saves its thumbnails and reports its failures.</summary>
internal sealed class BatchRun(Session session, IReadOnlyDictionary<string, string> names)
{
    /// <summary>Failures before the batch was submitted, to which those of its jobs are added.</summary>
    public FailureSummary Failures { get; init; } = new();

    /// <summary>The folder of <c>--out</c>.</summary>
    public string? Folder { get; init; }

    public int? Uploaded { get; init; }

    public int? Reused { get; init; }

    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(string id)
    {
        try
        {
            var batch = await session.Output.ShowAsync("Thumbnails", report => FollowAsync(id, report));

            return await ReportAsync(batch);
        }
        catch (OperationCanceledException) when (session.Interrupt.IsRequested)
        {
            return await LeaveAsync(id);
        }
    }

    /// <summary>Prints the progress of the batch, or how it ended.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ReportAsync(Batch batch)
    {
        await foreach (var job in session.Client.ListJobsAsync(batch.Id, JobState.Failed, session.Interrupt.Token))
        {
            var source = job.Source ?? job.Id;
            Failures.Add(job.Error!.Code, job.Error.Message, names.GetValueOrDefault(source) ?? source);
        }

        int? saved = Folder is null || !batch.IsOver ? null : await new ThumbnailFetch(session, Folder, names, Failures).RunAsync(batch);
        var report = BatchReport.Of(batch) with { Uploaded = Uploaded, Reused = Reused, Saved = saved, Failures = Failures.Groups };
        session.Output.Write(report, CliJson.Default.BatchReport, Describe(report));
        if (Failures.Count > 0)
        {
            session.Output.Write(Failures.ToTable());
        }

        return batch.State == BatchState.Canceled ? ExitCode.Canceled : Failures.Count > 0 ? ExitCode.ImagesFailed : ExitCode.Success;
    }

    private async Task<Batch> FollowAsync(string id, ProgressReport report)
    {
        Batch? last = null;
        await foreach (var batch in session.Client.FollowBatchAsync(id, session.Interrupt.Token))
        {
            last = batch;
            var counts = batch.Counts;
            report.Set(counts.Succeeded + counts.Failed + counts.Canceled, batch.Total, counts.Failed);
        }

        return last!;
    }

    private async Task<int> LeaveAsync(string id)
    {
        var batch = await session.Client.GetBatchAsync(id, CancellationToken.None);
        if (!batch.IsOver && session.Output.Ask("Cancel the batch? Otherwise the service continues with it."))
        {
            var canceled = await session.Client.CancelBatchAsync(id, CancellationToken.None);
            session.Output.Write(BatchReport.Of(canceled), CliJson.Default.BatchReport, Describe(BatchReport.Of(canceled)));

            return ExitCode.Canceled;
        }

        var folder = Folder is null ? "" : $" --out {Folder}";

        return session.Output.Fail(ExitCode.Interrupted, "interrupted", $"Interrupted. To continue: imageresize watch {id}{folder}");
    }

    private static string Describe(BatchReport batch)
    {
        var counts = batch.Counts;
        var total = batch.Total is { } number ? $"{number:N0}" : "an unknown number of";
        var parts = new[]
        {
            counts.Failed > 0 ? $"{counts.Failed:N0} failed" : null,
            counts.Canceled > 0 ? $"{counts.Canceled:N0} canceled" : null,
            counts.Queued > 0 ? $"{counts.Queued:N0} queued" : null,
            batch.Saved is { } saved ? $"{saved:N0} saved" : null,
        };

        var start = $"Batch {batch.Id} {batch.State}: {counts.Succeeded:N0} of {total} succeeded";

        return string.Join(", ", parts.OfType<string>().Prepend(start));
    }
}
