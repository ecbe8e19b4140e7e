using System.CommandLine;
using ImageResize.Cli.Results;
using ImageResize.Cli.Uploads;

namespace ImageResize.Cli.Commands;

/// <summary>Follows a batch to its end.</summary>
internal static class WatchCommand
{
    public static Option<string?> Out { get; } = new("--out", "-o")
    {
        Description = "Save the thumbnails in this folder when the batch has ended, under the names of the images.",
        HelpName = "FOLDER",
    };

    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The batch." };
        var command = new Command("watch", "Follow a batch to its end.") { id, Out };
        command.SetAction((parsed, _) => Session.RunAsync(
            parsed, session => RunAsync(session, parsed.GetRequiredValue(id), ReadFolder(parsed))));

        return command;
    }

    /// <summary>Returns the folder of <c>--out</c>, which exists before images are sent.</summary>
    /// <exception cref="UsageException">It can't be created.</exception>
    public static string? ReadFolder(ParseResult parsed)
    {
        var folder = parsed.GetValue(Out);
        try
        {
            return folder is null ? null : Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"The folder of --out can't be used: {fault.Message}");
        }
    }

    private static Task<int> RunAsync(Session session, string id, string? folder) =>
        new BatchRun(session, UploadJournal.FindNames(id)) { Folder = folder }.FollowAsync(id);
}
