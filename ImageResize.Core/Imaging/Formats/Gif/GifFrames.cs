using System.Buffers.Binary;
using System.Drawing;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;

namespace ImageResize.Core.Imaging.Formats.Gif;

/// <summary>Finds frames with fewer pixels than they declare. libvips draws those, leaves the rest empty and reports nothing.</summary>
internal static class GifFrames
{
    public const byte Frame = 0x2C;

    /// <summary>Frames and extensions. Half an hour at 25 frames a second, with one extension each, has 90,000.</summary>
    public const int MaxBlocks = 100_000;

    private const int FlagsAt = 10;
    private const int HeaderLength = 13;
    private const int FrameLength = 10;
    private const byte Extension = 0x21;
    private const byte GraphicControl = 0xF9;

    // What a graphic control says about its frame's pixels before the next frame (GIF89a, 23). Old encoders wrote 4 for 3.
    private const int ClearFrame = 2;
    private const int UndoFrame = 3;
    private const int OldUndoFrame = 4;

    /// <summary>libvips' decoder creates a list of all frames before anything is decoded.</summary>
    /// <exception cref="RefusedException">There are more frames and extensions than an animation needs.</exception>
    public static void CheckCount(ReadOnlySpan<byte> file)
    {
        var blocks = 0;
        for (var at = HeaderLength + PaletteLength(file[FlagsAt]); at < file.Length && file[at] is Frame or Extension; blocks++)
        {
            if (blocks == MaxBlocks)
            {
                throw ImageRefusal.TooMany("frames and extensions", MaxBlocks);
            }

            at = file[at] == Extension ? GifBlocks.Skip(file, at + 2)
                : at + FrameLength <= file.Length ? GifBlocks.Skip(file, at + FrameLength + PaletteLength(file[at + 9]) + 1)
                : file.Length;
        }
    }

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

    /// <returns>The places of the first frames on the canvas.</returns>
    public static List<FramePlace> FindPlaces(ReadOnlySpan<byte> file, int frames)
    {
        var places = new List<FramePlace>();
        var at = HeaderLength + PaletteLength(file[FlagsAt]);
        var disposal = 0;
        while (places.Count < frames && at + FrameLength <= file.Length)
        {
            if (file[at] == Frame)
            {
                var place = new Rectangle(Short(file, at + 1), Short(file, at + 3), Short(file, at + 5), Short(file, at + 7));
                places.Add(new FramePlace(place, disposal == ClearFrame, disposal is UndoFrame or OldUndoFrame));
                disposal = 0;
                at = GifBlocks.Skip(file, at + FrameLength + PaletteLength(file[at + 9]) + 1);
            }
            else if (file[at] == Extension)
            {
                disposal = file[at + 1] == GraphicControl ? (file[at + 3] >> 2) & 7 : disposal;
                at = GifBlocks.Skip(file, at + 2);
            }
            else
            {
                break;
            }
        }

        return places;
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
