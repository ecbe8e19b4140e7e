using System.CommandLine;
using System.CommandLine.Invocation;
using ImageResize.Cli;
using ImageResize.Cli.Commands;
using ImageResize.Cli.Terminal;

var root = new RootCommand("Measures images and makes thumbnails with an ImageResize service.")
{
    GlobalOptions.Address,
    GlobalOptions.Key,
    GlobalOptions.Json,
    MeasureCommand.Create(),
    ThumbnailCommand.Create(),
    SignCommand.Create(),
    BatchCommand.Create(),
    StatusCommand.Create(),
    WatchCommand.Create(),
    UploadsCommand.Create(),
    WatchesCommand.Create(),
    CancelCommand.Create(),
    RetryCommand.Create(),
    CompletionCommand.Create(),
};

// Ctrl+C is handled by the commands.
var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction error && args.Length > 0)
{
    if (parsed.GetValue(GlobalOptions.Json))
    {
        return new Output(isJson: true).Fail(ExitCode.Usage, "usage", string.Join(' ', parsed.Errors.Select(each => each.Message)));
    }

    error.ShowHelp = false;
}

var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
var code = await parsed.InvokeAsync(configuration);

return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
