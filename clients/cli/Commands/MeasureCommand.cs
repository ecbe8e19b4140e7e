using System.CommandLine;
using System.Net;
using ImageResize.Cli.Results;
using ImageResize.Client;

namespace ImageResize.Cli.Commands;

/// <summary>Prints the sizes of images.</summary>
internal static class MeasureCommand
{
    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE")
        {
            Description = "Local files, or sources that the service can read: /ImageResize/images/..., blob://..., https://...",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("measure", "Print the size and format of images.") { images };
        command.SetAction((parsed, _) => Session.RunAsync(parsed, session => RunAsync(session, parsed.GetRequiredValue(images))));

        return command;
    }

    private static async Task<int> RunAsync(Session session, string[] images)
    {
        var exitCode = ExitCode.Success;
        foreach (var image in images)
        {
            try
            {
                var size = await MeasureAsync(session, image);
                var report = new MeasureReport(image, size.Width, size.Height, size.Orientation, size.Format, Error: null);
                session.Output.Write(report, CliJson.Default.MeasureReport, $"{size.Width} x {size.Height} {size.Format}  {image}");
            }
            catch (ImageResizeException refusal) when (images.Length > 1 && IsAboutImage(refusal))
            {
                exitCode = ExitCode.ImagesFailed;
                var report = new MeasureReport(image, null, null, null, null, new ReportedError(refusal.Code, refusal.Message));
                session.Output.Write(report, CliJson.Default.MeasureReport, $"{refusal.Code}  {image}: {refusal.Message}");
            }
        }

        return exitCode;
    }

    private static async Task<ImageSize> MeasureAsync(Session session, string image)
    {
        if (!File.Exists(image))
        {
            return await session.Client.MeasureAsync(image, session.Interrupt.Token);
        }

        await using var file = File.OpenRead(image);

        return await session.Client.MeasureAsync(file, session.Interrupt.Token);
    }

    private static bool IsAboutImage(ImageResizeException refusal) =>
        refusal.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) && (int?)refusal.StatusCode is >= 400 and < 500;
}
