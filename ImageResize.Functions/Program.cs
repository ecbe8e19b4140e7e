using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Functions.Functions;
using ImageResize.Functions.Standalone;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions;

/// <summary>Starts the application under the host that the command line asks for.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) =>
        args is [DecodeChild.Argument] ? DecodeChild.RunAsync(options => new Thumbnailer(Options.Create(options))) : RunAsync(args, _ => { });

    /// <param name="change">Replaces services, for tests.</param>
    internal static async Task<int> RunAsync(string[] args, Action<IServiceCollection> change)
    {
        try
        {
            await (WorkerHost.IsRequested(args) ? WorkerHost.RunAsync(args, change) : StandaloneHost.RunAsync(args, change));

            return Environment.ExitCode;
        }
        catch (Exception failure) when (StartupFailure.Explain(failure) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);

            return 1;
        }
    }
}
