using System.Net;
using System.Reflection;
using ImageResize.Core.Batches;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Functions.Standalone.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.FaultyApp;

/// <summary>The whole application, for tests only. Images with a mark make its decoder fail as a faulty native library would.</summary>
internal static class FaultyProgram
{
    /// <summary>An environment variable: how many seconds the messages of a process that ended stay hidden.</summary>
    public const string LeaseSeconds = "FAULTY_LEASE_SECONDS";

    /// <summary>An environment variable: the local address that receives every callback, whatever host the URL contains.</summary>
    public const string Receiver = "FAULTY_RECEIVER";

    /// <summary>An environment variable: the file with the clock's offset.</summary>
    public const string ClockFile = "FAULTY_CLOCK";

    /// <summary>An environment variable: if set, the decoder is that of the program and never fails.</summary>
    public const string RealDecoder = "FAULTY_REAL_DECODER";

    public static ChildCommand ChildCommand { get; } = ChildCommand.For(typeof(FaultyProgram).Assembly.Location, DecodeChild.Argument);

    private static Task<int> Main(string[] args)
    {
        if (args is [DecodeChild.Argument, ..])
        {
            return Task.FromResult(DecodeChild.Run(args, options => Faulty(Options.Create(options))));
        }

        // The worker looks for the functions in the program's own assembly.
        Assembly.SetEntryAssembly(typeof(Functions.Program).Assembly);

        return Functions.Program.RunAsync(args, Change);
    }

    private static void Change(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable(RealDecoder) is null)
        {
            services.AddSingleton<IThumbnailer>(provider => Faulty(provider.GetRequiredService<IOptions<ImagingOptions>>()));
        }

        services.AddSingleton(ChildCommand);
        if (Environment.GetEnvironmentVariable(LeaseSeconds) is { } seconds)
        {
            var lease = TimeSpan.FromSeconds(int.Parse(seconds));
            services.AddSingleton(QueueSettings.Read(Path.Combine(AppContext.BaseDirectory, "host.json")) with { Lease = lease });
            services.PostConfigure<BatchOptions>(jobs => jobs.Lease = lease);
        }

        if (Environment.GetEnvironmentVariable(ClockFile) is { } clock)
        {
            services.AddSingleton<TimeProvider>(new SteppingClock(clock));
        }

        if (Environment.GetEnvironmentVariable(Receiver) is { } receiver)
        {
            var address = new FixedAddress(IPEndPoint.Parse(receiver));
            services.AddSingleton<IAddressPolicy>(address).AddSingleton<IResolver>(address);
        }
    }

    private static FaultyThumbnailer Faulty(IOptions<ImagingOptions> options) => new(new Thumbnailer(options));
}
