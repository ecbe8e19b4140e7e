using System.CommandLine;
using ImageResize.Cli.Results;
using ImageResize.Cli.Uploads;
using ImageResize.Client;

namespace ImageResize.Cli.Commands;

/// <summary>Makes thumbnails of many images.</summary>
internal static class BatchCommand
{
    private const int MaxParallel = 64;

    private static readonly ThumbnailArguments Thumbnail = new();

    private static readonly Argument<string[]> Sources = new("SOURCE")
    {
        Description = "Local folders, images, and lists of sources (.ndjson, .jsonl, .txt), or what the service can read: "
            + "/ImageResize/images/FOLDER/, blob://CONTAINER/FOLDER/, a manifest blob://.../NAME.ndjson, https://...",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Recursive = new("--recursive", "-r") { Description = "Include the subfolders of local folders." };
    private static readonly Option<string?> Name = new("--name", "-n") { Description = "A name for people." };
    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Print the batch and exit without waiting for it." };

    private static readonly Option<int> Parallel = new("--parallel", "-p")
    {
        Description = "Simultaneous uploads.",
        DefaultValueFactory = _ => 8,
    };

    public static Command Create()
    {
        Parallel.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() is >= 1 and <= MaxParallel)
            {
                return;
            }

            result.AddError($"--parallel must be 1 to {MaxParallel}.");
        });
        var command = new Command("batch", "Make thumbnails of many images. Repeat the command to continue after an interruption.")
        {
            Sources, WatchCommand.Out, Recursive, Name, NoWait, Parallel,
        };
        Thumbnail.AddTo(command);
        command.SetAction((parsed, _) => Session.RunAsync(parsed, session => RunAsync(session, parsed)));

        return command;
    }

    private static async Task<int> RunAsync(Session session, ParseResult parsed)
    {
        var folder = WatchCommand.ReadFolder(parsed);
        var sources = BatchSources.Read(parsed.GetRequiredValue(Sources), parsed.GetValue(Recursive), folder);
        if (sources.Others > 0)
        {
            session.Output.Note($"{sources.Others:N0} files without the extension of an image are left out.");
        }

        using var journal = sources.Images.Count > 0 ? UploadJournal.Open(session.Address, sources.Local) : null;
        var failures = new FailureSummary();
        var upload = journal is null ? null : new ImageUpload(session, journal, failures);
        var uploaded = upload is null ? [] : await upload.RunAsync(sources.Images, parsed.GetValue(Parallel));
        if (upload is not null && uploaded.All(source => source is null) && sources.Remote.Count == 0 && sources.Manifest is null)
        {
            session.Output.Write(failures.ToTable());

            return session.Output.Fail(ExitCode.ImagesFailed, "no_images", "None of the files can be used.");
        }

        var items = uploaded.OfType<string>().Select(source => new BatchItem(source)).Concat(sources.Remote).ToList();
        var batch = await session.Client.SubmitBatchAsync(
            new BatchSubmission
            {
                Name = parsed.GetValue(Name),
                Items = items,
                Manifest = sources.Manifest,
                Actions = [JobAction.MakeThumbnail(Thumbnail.Read(parsed))],
            },
            cancellationToken: session.Interrupt.Token);
        journal?.AddBatch(batch.Id);
        if (parsed.GetValue(NoWait))
        {
            session.Output.Write(BatchReport.Of(batch), CliJson.Default.BatchReport, batch.Id);

            return ExitCode.Success;
        }

        session.Output.Note($"Batch {batch.Id}");

        return await new BatchRun(session, UploadJournal.FindNames(batch.Id))
        {
            Failures = failures,
            Folder = folder,
            Uploaded = upload?.Sent,
            Reused = upload?.Reused,
        }.FollowAsync(batch.Id);
    }
}
