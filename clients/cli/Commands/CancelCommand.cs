using System.CommandLine;
using ImageResize.Cli.Results;
using ImageResize.Cli.Uploads;

namespace ImageResize.Cli.Commands;

/// <summary>Cancels a batch.</summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The batch." };
        var command = new Command("cancel", "Cancel the queued jobs of a batch. Existing results are kept.") { id };
        command.SetAction((parsed, _) => Session.RunAsync(parsed, session => RunAsync(session, parsed.GetRequiredValue(id))));

        return command;
    }

    private static async Task<int> RunAsync(Session session, string id)
    {
        var batch = await session.Client.CancelBatchAsync(id, session.Interrupt.Token);
        await new BatchRun(session, UploadJournal.FindNames(id)).ReportAsync(batch);

        return ExitCode.Success;
    }
}
