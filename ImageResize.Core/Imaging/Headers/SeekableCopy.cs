using ImageResize.Core.Memory;

namespace ImageResize.Core.Imaging.Headers;

/// <summary>Copies a stream that cannot seek, for formats whose header can be at the end, to a file instead of into memory.</summary>
internal static class SeekableCopy
{
    /// <returns>All bytes, positioned after the prefix.</returns>
    public static Stream Of(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        var copy = TemporaryFile.Create();
        try
        {
            copy.Write(prefix.Span);
            rest.CopyTo(copy);
            copy.Position = prefix.Length;

            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
