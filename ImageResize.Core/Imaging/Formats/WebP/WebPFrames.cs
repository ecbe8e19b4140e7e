using System.Buffers.Binary;
using System.Drawing;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Vips;

namespace ImageResize.Core.Imaging.Formats.WebP;

/// <summary>Reads where the frames of an animated WebP are drawn (RFC 9649, 2.7.1.1).</summary>
internal static class WebPFrames
{
    private const int FirstChunkAt = 12;
    private const int ChunkHeaderLength = 8;
    private const int FrameHeaderLength = 16;

    /// <summary>libwebp creates a list of all chunks before anything is decoded.</summary>
    /// <exception cref="RefusedException">There are more chunks than an animation needs.</exception>
    public static void CheckCount(ReadOnlySpan<byte> file)
    {
        var chunks = 0;
        for (long at = FirstChunkAt; at + ChunkHeaderLength <= file.Length; chunks++)
        {
            if (chunks == WebPHeader.MaxChunks)
            {
                throw ImageRefusal.TooMany("chunks", WebPHeader.MaxChunks);
            }

            at += LengthOf(file[(int)at..]);
        }
    }

    /// <returns>The places of the first frames; empty if the file is not animated.</returns>
    public static List<FramePlace> FindPlaces(ReadOnlySpan<byte> file, int frames)
    {
        var places = new List<FramePlace>();
        for (long at = FirstChunkAt; places.Count < frames && at + ChunkHeaderLength <= file.Length;)
        {
            var chunk = file[(int)at..];
            if (chunk.StartsWith("ANMF"u8) && chunk.Length >= ChunkHeaderLength + FrameHeaderLength)
            {
                places.Add(ReadPlace(chunk[ChunkHeaderLength..]));
            }

            at += LengthOf(chunk);
        }

        return places;
    }

    /// <summary>The length of a chunk with its header. Chunks are padded to an even length.</summary>
    private static long LengthOf(ReadOnlySpan<byte> chunk)
    {
        long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);

        return ChunkHeaderLength + length + (length % 2);
    }

    private static FramePlace ReadPlace(ReadOnlySpan<byte> frame) => new(
        new Rectangle(2 * Read24(frame), 2 * Read24(frame[3..]), 1 + Read24(frame[6..]), 1 + Read24(frame[9..])),
        IsCleared: (frame[15] & 1) != 0,
        IsUndone: false);

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
