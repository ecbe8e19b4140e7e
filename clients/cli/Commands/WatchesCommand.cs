using System.CommandLine;
using ImageResize.Cli.Results;
using ImageResize.Client;

namespace ImageResize.Cli.Commands;

/// <summary>Prints the containers and folders that process themselves.</summary>
internal static class WatchesCommand
{
    public static Command Create()
    {
        var command = new Command("watches", "Print the containers and folders that the service watches, and what it found in them.");
        command.SetAction((parsed, _) => Session.RunAsync(parsed, RunAsync));

        return command;
    }

    private static async Task<int> RunAsync(Session session)
    {
        var watches = await session.Client.GetWatchesAsync(session.Interrupt.Token);
        foreach (var watch in watches)
        {
            session.Output.Write(watch, CliJson.Default.WatchedSource, Describe(watch));
        }

        if (watches.Count == 0)
        {
            session.Output.Note("Nothing is watched.");
        }

        return ExitCode.Success;
    }

    private static string Describe(WatchedSource watch)
    {
        var seen = watch.LastSeenAt is { } time ? $", last {time:u}" : "";
        var error = watch.Error is { } found ? $"\n  {found.Message}, since {found.At:u}" : "";

        return $"{watch.Name} {watch.Source}: {watch.Counts.Found} found, {watch.Counts.Succeeded} succeeded, {watch.Counts.Failed} failed"
            + seen + error;
    }
}
