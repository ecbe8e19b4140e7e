using System.CommandLine;
using ImageResize.Cli.Results;

namespace ImageResize.Cli.Commands;

/// <summary>Prints uploads, the newest first.</summary>
internal static class UploadsCommand
{
    private const int DefaultCount = 20;

    private static readonly Option<string?> Name = new("--name", "-n") { Description = "Only uploads whose name contains this text." };

    private static readonly Option<int> Count = new("--count", "-c")
    {
        Description = "The number of uploads.",
        DefaultValueFactory = _ => DefaultCount,
    };

    public static Command Create()
    {
        var command = new Command("uploads", "Print your uploads, the newest first. Their sources can be used in batches.") { Name, Count };
        command.SetAction((parsed, _) =>
            Session.RunAsync(parsed, session => RunAsync(session, parsed.GetValue(Name), parsed.GetValue(Count))));

        return command;
    }

    private static async Task<int> RunAsync(Session session, string? name, int count)
    {
        await foreach (var upload in session.Client.ListUploadsAsync(name, session.Interrupt.Token).Take(count))
        {
            session.Output.Write(upload, CliJson.Default.Upload, $"{upload.Source} {upload.UploadedAt:u} {upload.Name}".TrimEnd());
        }

        return ExitCode.Success;
    }
}
