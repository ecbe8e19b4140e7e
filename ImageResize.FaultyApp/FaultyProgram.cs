using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.FaultyApp;

/// <summary>The program, for tests and never shipped: all of it, but marked pictures do to its decoder what a bad native library would.</summary>
internal static class FaultyProgram
{
    public static ChildCommand ChildCommand { get; } = ChildCommand.Of(typeof(FaultyProgram).Assembly.Location, DecodeChild.Argument);

    private static Task<int> Main(string[] args) => args is [DecodeChild.Argument]
        ? DecodeChild.RunAsync(options => Faulty(Options.Create(options)))
        : Functions.Program.RunAsync(args, services =>
        {
            services.AddSingleton<IThumbnailer>(provider => Faulty(provider.GetRequiredService<IOptions<ImagingOptions>>()));
            services.AddSingleton(ChildCommand);
        });

    private static FaultyThumbnailer Faulty(IOptions<ImagingOptions> options) => new(new Thumbnailer(options));
}
