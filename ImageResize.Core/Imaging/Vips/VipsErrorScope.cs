using NetVips;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>
/// Attributes libvips' error messages to an image. libvips' error buffer is global, so a message may belong to another image or may
/// already have been read by another thread. An image whose result depends on a message is decoded again while no other is.
/// </summary>
internal static class VipsErrorScope
{
    private static readonly ReaderWriterLockSlim Lock = new();

    /// <summary>Whether no other image is being decoded, so that a message belongs to the caller's image.</summary>
    public static bool IsExclusive => Lock.IsWriteLockHeld;

    /// <param name="decode">Everything that reads one image's pixels, on this thread. Called again if the result depends on a
    /// message.</param>
    public static T Run<T>(Func<T> decode)
    {
        Lock.EnterReadLock();
        try
        {
            return decode();
        }
        catch (ForeignErrorException)
        {
            // Retried below, after the read lock is released.
        }
        finally
        {
            Lock.ExitReadLock();
        }

        Lock.EnterWriteLock();
        try
        {
            return decode();
        }
        finally
        {
            Lock.ExitWriteLock();
        }
    }

    /// <summary>Empties the error buffer. The constructor of the exception does that.</summary>
    public static void Clear() => _ = new VipsException("");

    /// <summary>The result depends on a message that may belong to another image.</summary>
    internal sealed class ForeignErrorException : Exception;
}
