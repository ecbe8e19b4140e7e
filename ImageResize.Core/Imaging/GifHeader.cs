using System.Buffers.Binary;

namespace ImageResize.Core.Imaging;

/// <summary>
/// A GIF's canvas: what the header says, grown to the first frame where that is larger. (One that hangs over an edge is cut.)
/// libvips' decoder throws some common sizes away (640 x 480, 1024 x 768...) when the frames are smaller.
/// </summary>
internal static class GifHeader
{
    private const int CanvasAt = 6;
    private const int FlagsAt = 10;
    private const int Length = 13;
    private const byte Extension = 0x21;
    private const byte Frame = 0x2C;

    public static ImageHeader? Find(ReadOnlySpan<byte> start)
    {
        if (start.Length < Length)
        {
            return null;
        }

        var (width, height) = Grow(Short(start, CanvasAt), Short(start, CanvasAt + 2), start);
        return width > 0 && height > 0 ? new ImageHeader(ImageFormat.Gif, width, height) : null;
    }

    private static (int Width, int Height) Grow(int width, int height, ReadOnlySpan<byte> start)
    {
        // Behind the palette come extensions, each a chain of blocks, and then the first frame:
        // nearly always among the bytes at hand. Where it is not, the canvas stands as it is.
        var flags = start[FlagsAt];
        var at = Length + ((flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 0x07)));
        while (at + 10 <= start.Length && start[at] == Extension)
        {
            at += 2;
            while (at < start.Length && start[at] != 0)
            {
                at += 1 + start[at];
            }

            at++;
        }

        return at + 10 <= start.Length && start[at] == Frame
            ? (Math.Max(width, Short(start, at + 5)), Math.Max(height, Short(start, at + 7)))
            : (width, height);
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
