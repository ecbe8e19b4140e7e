using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;

namespace ImageResize.Functions.Http.Operations;

/// <summary>Tells an operator where libvips reads images.</summary>
internal static class DecoderPosture
{
    public static string Describe(IServiceProvider services) => services.GetRequiredService<IsolatedThumbnailer>().Posture switch
    {
        DecoderIsolation.Sandbox => "in child processes in a sandbox of the kernel",
        DecoderIsolation.Isolate => "in child processes",
        _ => "in this process",
    };
}
