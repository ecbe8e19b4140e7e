using System.CommandLine;
using ImageResize.Cli.Results;
using ImageResize.Cli.Uploads;

namespace ImageResize.Cli.Commands;

/// <summary>Repeats the failed jobs of a batch.</summary>
internal static class RetryCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The batch. It must have ended." };
        var command = new Command("retry", "Repeat the failed jobs of a batch as a new batch, and follow it.") { id, WatchCommand.Out };
        command.SetAction((parsed, _) => Session.RunAsync(
            parsed, session => RunAsync(session, parsed.GetRequiredValue(id), WatchCommand.ReadFolder(parsed))));

        return command;
    }

    private static async Task<int> RunAsync(Session session, string id, string? folder)
    {
        var batch = await session.Client.RetryBatchAsync(id, cancellationToken: session.Interrupt.Token);
        UploadJournal.CopyNames(id, batch.Id);
        session.Output.Note($"Batch {batch.Id}");

        return await new BatchRun(session, UploadJournal.FindNames(batch.Id)) { Folder = folder }.FollowAsync(batch.Id);
    }
}
