namespace ImageResize.Core.Imaging.Vips;

/// <summary>
/// Keeps libvips from reading images on a thread of the program, where all images that it has to read are read in child processes. Formats
/// whose headers managed code reads don't notice.
/// </summary>
internal static class ManagedScope
{
    [ThreadStatic]
    private static bool t_isActive;

    /// <exception cref="NativeHeaderException">libvips would have to read a header.</exception>
    public static T Run<T>(Func<T> read)
    {
        t_isActive = true;
        try
        {
            return read();
        }
        finally
        {
            t_isActive = false;
        }
    }

    /// <summary>To be called before libvips reads a header.</summary>
    /// <param name="start">What has been read of the stream, if it cannot seek.</param>
    public static void Check(ReadOnlyMemory<byte> start)
    {
        if (t_isActive)
        {
            throw new NativeHeaderException(start);
        }
    }
}

/// <summary>Managed code does not read the header of this image.</summary>
/// <param name="start">What has been read of the stream, if it cannot seek.</param>
internal sealed class NativeHeaderException(ReadOnlyMemory<byte> start) : Exception("libvips has to read the header of this image.")
{
    public ReadOnlyMemory<byte> Start { get; } = start;
}
