using System.CommandLine;
using ImageResize.Cli.Results;
using ImageResize.Client;

namespace ImageResize.Cli.Commands;

/// <summary>Makes a thumbnail of one image.</summary>
internal static class ThumbnailCommand
{
    public static Command Create()
    {
        var image = new Argument<string>("IMAGE")
        {
            Description = "A local file, or a source that the service can read: /ImageResize/images/..., blob://..., https://...",
        };
        var output = new Option<string?>("--out", "-o")
        {
            Description = "File of the thumbnail, or - for standard output. The default is NAME_WIDTHxHEIGHT.EXT in the current folder.",
            HelpName = "FILE",
        };
        var thumbnail = new ThumbnailArguments();
        var command = new Command("thumbnail", "Make a thumbnail of one image.") { image, output };
        thumbnail.AddTo(command);
        command.SetAction((parsed, _) => Session.RunAsync(
            parsed, session => RunAsync(session, parsed.GetRequiredValue(image), thumbnail.Read(parsed), parsed.GetValue(output))));

        return command;
    }

    private static async Task<int> RunAsync(Session session, string image, ThumbnailOptions options, string? output)
    {
        var made = await MakeAsync(session, image, options);
        if (output == "-")
        {
            await using var standardOutput = Console.OpenStandardOutput();
            await standardOutput.WriteAsync(made.Bytes);

            return ExitCode.Success;
        }

        var file = output ?? NameOf(image, made);
        await File.WriteAllBytesAsync(file, made.Bytes.ToArray());
        var report = new ThumbnailReport(image, file, made.ContentType, made.Width, made.Height, made.Bytes.Length, made.Note);
        var note = made.Note is null ? "" : $" ({made.Note})";
        session.Output.Write(
            report, CliJson.Default.ThumbnailReport, $"{made.Width} x {made.Height}, {made.Bytes.Length:N0} bytes  {file}{note}");

        return ExitCode.Success;
    }

    private static async Task<Thumbnail> MakeAsync(Session session, string image, ThumbnailOptions options)
    {
        if (!File.Exists(image))
        {
            return await session.Client.MakeThumbnailAsync(image, options, session.Interrupt.Token);
        }

        await using var file = File.OpenRead(image);

        return await session.Client.MakeThumbnailAsync(file, options, session.Interrupt.Token);
    }

    private static string NameOf(string image, Thumbnail made)
    {
        var format = made.ContentType[(made.ContentType.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var name = Path.GetFileName(ThumbnailNames.Of(image));
        var extension = ThumbnailNames.ExtensionOf(Path.GetExtension(name), format);

        return $"{Path.GetFileNameWithoutExtension(name)}_{made.Width}x{made.Height}{extension}";
    }
}
