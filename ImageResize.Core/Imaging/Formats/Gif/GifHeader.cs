using System.Buffers.Binary;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Gif;

/// <summary>
/// A GIF's canvas: what the header says, grown to the first frame where that is larger. (One that hangs over an edge is cut.)
/// libvips' decoder throws some common sizes away (640 x 480, 1024 x 768...) when the frames are smaller.
/// </summary>
internal static class GifHeader
{
    private const int CanvasAt = 6;
    private const int Length = 13;

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
        // The first frame is nearly always among the bytes at hand. Where it is not, the canvas stands as it is.
        var at = GifFrames.FindFirst(start);

        return at + 10 <= start.Length && start[at] == GifFrames.Frame
            ? (Math.Max(width, Short(start, at + 5)), Math.Max(height, Short(start, at + 7)))
            : (width, height);
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
