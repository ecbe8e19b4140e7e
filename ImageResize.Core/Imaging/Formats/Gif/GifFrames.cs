using System.Buffers.Binary;
using System.Drawing;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Gif;

/// <summary>Finds frames with fewer pixels than they declare. libvips draws those, leaves the rest empty and reports nothing.</summary>
internal static class GifFrames
{
    public const byte Frame = 0x2C;

    private const int FlagsAt = 10;
    private const int HeaderLength = 13;
    private const int FrameLength = 10;
    private const byte Extension = 0x21;

    /// <param name="frames">Frames that are decoded, from the first.</param>
    /// <exception cref="RefusedException">One of them ends before its last pixel.</exception>
    public static void Check(ReadOnlySpan<byte> file, int frames)
    {
        var at = FindFirst(file);
        for (var left = frames; left > 0 && at < file.Length && file[at] == Frame; left--)
        {
            var frame = file[at..];
            var pixels = frame.Length <= FrameLength ? [] : frame[Math.Min(frame.Length, FrameLength + PaletteLength(frame[9]))..];
            if (pixels.IsEmpty || !GifPixels.Has(pixels, (long)Short(frame, 5) * Short(frame, 7)))
            {
                throw ImageRefusal.Damaged();
            }

            at = SkipExtensions(file, GifBlocks.Skip(file, file.Length - pixels.Length + 1));
        }

        // libvips does not count a truncated last frame.
        if (frames > 1 && at < file.Length && file[at] == Frame)
        {
            throw ImageRefusal.Damaged();
        }
    }

    /// <returns>The position of the first frame if the bytes reach that far; else a position after them, or that of another
    /// block.</returns>
    public static int FindFirst(ReadOnlySpan<byte> start) => SkipExtensions(start, HeaderLength + PaletteLength(start[FlagsAt]));

    /// <returns>The first frame's rectangle on the canvas; empty if there is no frame.</returns>
    public static Rectangle FindFirstPlace(ReadOnlySpan<byte> file)
    {
        var at = FindFirst(file);

        return at + FrameLength <= file.Length && file[at] == Frame
            ? new Rectangle(Short(file, at + 1), Short(file, at + 3), Short(file, at + 5), Short(file, at + 7))
            : default;
    }

    private static int SkipExtensions(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] == Extension)
        {
            at = GifBlocks.Skip(file, at + 2);
        }

        return at;
    }

    private static int PaletteLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 0x07));

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
