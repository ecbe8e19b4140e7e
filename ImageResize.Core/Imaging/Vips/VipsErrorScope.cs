using NetVips;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>
/// libvips keeps what it says of failures in one place for all threads: words can be another picture's, or taken by its reader. A
/// picture of which they decide is read once more, while no other is.
/// </summary>
internal static class VipsErrorScope
{
    private static readonly ReaderWriterLockSlim Turns = new();

    /// <summary>What is said now is said of the caller's picture.</summary>
    public static bool AreOurs => Turns.IsWriteLockHeld;

    /// <param name="work">All that reads pixels of one picture, on this thread; done again from the beginning where words decide.</param>
    public static T Listen<T>(Func<T> work)
    {
        Turns.EnterReadLock();
        try
        {
            return work();
        }
        catch (ForeignErrorException)
        {
            // Below, for this turn has to be over.
        }
        finally
        {
            Turns.ExitReadLock();
        }

        Turns.EnterWriteLock();
        try
        {
            return work();
        }
        finally
        {
            Turns.ExitWriteLock();
        }
    }

    /// <summary>Takes what was said before.</summary>
    public static void Clear() => _ = new VipsException("");

    /// <summary>Words decide, and it is not known whose they are.</summary>
    internal sealed class ForeignErrorException : Exception;
}
