using System.CommandLine;
using ImageResize.Cli.Results;
using ImageResize.Cli.Terminal;
using ImageResize.Client;

namespace ImageResize.Cli;

/// <summary>The service, the output and the Ctrl+C handler of a command.</summary>
internal sealed class Session(ImageResizeClientOptions options, Output output) : IDisposable
{
    public Uri Address => options.Address;

    public ImageResizeClient Client { get; } = new(options);

    public Interrupt Interrupt { get; } = new();

    public Output Output => output;

    /// <summary>Runs a command and turns errors into messages and exit codes.</summary>
    /// <param name="isOffline">Whether the command sends nothing to the service.</param>
    public static async Task<int> RunAsync(ParseResult parsed, Func<Session, Task<int>> run, bool isOffline = false)
    {
        var output = new Output(parsed.GetValue(GlobalOptions.Json));
        try
        {
            using var session = new Session(Settings.Read(parsed), output);
            if (!isOffline)
            {
                await session.EnsureReachableAsync();
            }

            return await run(session);
        }
        catch (UsageException invalid)
        {
            return output.Fail(ExitCode.Usage, "usage", invalid.Message);
        }
        catch (ImageResizeException failure)
        {
            var isRefusal = (int?)failure.StatusCode is >= 400 and < 500;

            return output.Fail(isRefusal ? ExitCode.Refused : ExitCode.Unavailable, failure.Code, Advise(failure));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return output.Fail(ExitCode.Usage, "file", fault.Message);
        }
        catch (OperationCanceledException)
        {
            return output.Fail(ExitCode.Interrupted, "interrupted", "Interrupted.");
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Interrupt.Dispose();
    }

    /// <summary>A wrong address is reported at once, although later requests are repeated for minutes.</summary>
    private async Task EnsureReachableAsync()
    {
        try
        {
            await Client.GetHealthAsync(Interrupt.Token);
        }
        catch (ImageResizeException notOurs) when (notOurs.Code != ImageResizeException.Unreachable)
        {
            // A proxy may hide the health of the service. The command's own request decides.
        }
    }

    private static string Advise(ImageResizeException failure) => failure.Code switch
    {
        "unauthorized" => $"{failure.Message} Set {Settings.KeyVariable}, or \"key\" in {Settings.ConfigurationFile}.",
        ImageResizeException.Unreachable when failure.StatusCode is null =>
            $"{failure.Message} Is the service running there? Set another address with --address or {Settings.AddressVariable}.",
        _ => failure.Message,
    };
}
