using System.CommandLine;
using ImageResize.Cli.Results;
using ImageResize.Cli.Uploads;
using ImageResize.Client;

namespace ImageResize.Cli.Commands;

/// <summary>Prints the state of a batch or job.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "A batch, or a job of one: BATCH-NUMBER." };
        var command = new Command("status", "Print the state of a batch or job, and the failures by reason.") { id };
        command.SetAction((parsed, _) => Session.RunAsync(parsed, session => RunAsync(session, parsed.GetRequiredValue(id))));

        return command;
    }

    private static async Task<int> RunAsync(Session session, string id)
    {
        try
        {
            var batch = await session.Client.GetBatchAsync(id, session.Interrupt.Token);

            return await new BatchRun(session, UploadJournal.FindNames(id)).ReportAsync(batch);
        }
        catch (ImageResizeException missing) when (missing.Code == "batch_not_found")
        {
            return ReportJob(session, await session.Client.GetJobAsync(id, session.Interrupt.Token));
        }
    }

    private static int ReportJob(Session session, Job job)
    {
        var state = job.State.ToString().ToLowerInvariant();
        var report = new JobReport(job.Id, state, job.Source, job.Size, job.Thumbnails, job.Error);
        session.Output.Write(report, CliJson.Default.JobReport, $"Job {job.Id} {state}: {job.Error?.Message ?? job.Source}");

        return job.State == JobState.Failed ? ExitCode.ImagesFailed : ExitCode.Success;
    }
}
