using System.CommandLine;
using System.CommandLine.Invocation;
using ImageResize.Cli;
using ImageResize.Cli.Commands;

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
var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
var code = await parsed.InvokeAsync(configuration);

return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
