using System.Buffers.Binary;
using System.Drawing;
using ImageResize.Core.Imaging.Vips;

namespace ImageResize.Core.Imaging.Formats.WebP;

/// <summary>Reads where the frames of an animated WebP are drawn (RFC 9649, 2.7.1.1).</summary>
internal static class WebPFrames
{
    private const int FirstChunkAt = 12;
    private const int ChunkHeaderLength = 8;
    private const int FrameHeaderLength = 16;

    /// <returns>The places of the first frames; empty if the file is not animated.</returns>
    public static List<FramePlace> FindPlaces(ReadOnlySpan<byte> file, int frames)
    {
        var places = new List<FramePlace>();
        for (long at = FirstChunkAt; places.Count < frames && at + ChunkHeaderLength <= file.Length;)
        {
            var chunk = file[(int)at..];
            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("ANMF"u8) && chunk.Length >= ChunkHeaderLength + FrameHeaderLength)
            {
                places.Add(ReadPlace(chunk[ChunkHeaderLength..]));
            }

            // Chunks are padded to an even length.
            at += ChunkHeaderLength + length + (length % 2);
        }

        return places;
    }

    private static FramePlace ReadPlace(ReadOnlySpan<byte> frame) => new(
        new Rectangle(2 * Read24(frame), 2 * Read24(frame[3..]), 1 + Read24(frame[6..]), 1 + Read24(frame[9..])),
        IsCleared: (frame[15] & 1) != 0,
        IsUndone: false);

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
