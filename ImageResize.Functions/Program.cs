using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Functions.Functions;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions;

/// <summary>Starts the application as the worker of a Functions host, standalone, or as a child process that decodes images.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) =>
        args is [DecodeChild.Argument, ..]
            ? Task.FromResult(DecodeChild.Run(args, options => new Thumbnailer(Options.Create(options))))
            : RunAsync(args, _ => { });

    /// <param name="change">Replaces services, for tests.</param>
    internal static async Task<int> RunAsync(string[] args, Action<IServiceCollection> change)
    {
        if (Usage.IsRequested(args))
        {
            Console.WriteLine(Usage.Text);

            return 0;
        }

        try
        {
            await (WorkerHost.IsRequested(args) ? RunWorkerAsync(args, change) : RunStandaloneAsync(args, change));

            return Environment.ExitCode;
        }
        catch (Exception failure) when (StartupFailure.Explain(failure) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);

            return 1;
        }
    }

    private static async Task RunWorkerAsync(string[] args, Action<IServiceCollection> change)
    {
        var builder = WorkerHost.CreateBuilder(args);
        builder.AddApplication(WorkerHost.VisibilityTimeout, WorkerHost.CrashMarkerPath(args));
        change(builder.Services);
        using var host = builder.Build();
        WorkerHost.CheckQueueName(host.Services);
        await host.RunAsync();
    }

    private static async Task RunStandaloneAsync(string[] args, Action<IServiceCollection> change)
    {
        var builder = StandaloneHost.CreateBuilder(args);
        builder.AddApplication(StandaloneHost.VisibilityTimeout, crashMarkerPath: null);
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) => change(services));

        // Azurite starts while the application is built, which takes about as long.
        var starting = StandaloneHost.StartAzuriteIfNeededAsync(builder);
        try
        {
            await using var app = StandaloneHost.Build(builder);
            await starting;
            await app.StartAsync();
            StartupBanner.Print(app);
            await app.WaitForShutdownAsync();
        }
        finally
        {
            await ((await starting)?.DisposeAsync() ?? default);
        }
    }
}
