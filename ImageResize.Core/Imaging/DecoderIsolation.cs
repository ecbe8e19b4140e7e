namespace ImageResize.Core.Imaging;

/// <summary>Where libvips reads images. JPEGs that managed code can decode are decoded in the program in each case.</summary>
public enum DecoderIsolation
{
    /// <summary>In child processes that the kernel confines: no network, files, or other processes. Linux on x64 and Arm64.</summary>
    Sandbox,

    /// <summary>In child processes without settings and keys.</summary>
    Isolate,

    /// <summary>In the program, and in a child process if the image may have crashed the program before.</summary>
    InProcess,
}
