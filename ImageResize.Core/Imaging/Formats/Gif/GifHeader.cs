using System.Buffers.Binary;
using ImageResize.Core.Imaging.Headers;

namespace ImageResize.Core.Imaging.Formats.Gif;

/// <summary>
/// Reads the size of a GIF's canvas: as declared, or the first frame's if that is larger. A frame that overlaps an edge is cut. libvips'
/// decoder ignores some common canvas sizes (640 x 480, 1024 x 768...) if the frames are smaller.
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
        return width > 0 && height > 0 ? new ImageHeader(width, height) : null;
    }

    private static (int Width, int Height) Grow(int width, int height, ReadOnlySpan<byte> start)
    {
        // The first frame is nearly always among the first bytes. Otherwise the declared size is used.
        var at = GifFrames.FindFirst(start);

        return at + 10 <= start.Length && start[at] == GifFrames.Frame
            ? (Math.Max(width, Short(start, at + 5)), Math.Max(height, Short(start, at + 7)))
            : (width, height);
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
