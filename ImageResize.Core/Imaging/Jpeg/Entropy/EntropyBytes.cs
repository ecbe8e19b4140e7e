using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using ImageResize.Core.Imaging.Jpeg.Segments;

namespace ImageResize.Core.Imaging.Jpeg.Entropy;

/// <summary>
/// The entropy-coded bytes of one scan or restart interval, without the zero that is stuffed after each 0xFF (ITU-T T.81, F.1.2.3).
/// Removing them first costs little, and the decoder's loops then need not check for markers.
/// </summary>
internal sealed class EntropyBytes
{
    private byte[] _plain = [];

    /// <summary>Reads up to the next marker, and leaves the segment reader there.</summary>
    public BitReader Read(scoped ref SegmentReader segments)
    {
        var source = segments.Data[segments.Position..];
        Reserve(source.Length + BitReader.Padding);

        var (read, written) = (0, 0);
        while (true)
        {
            var plain = CopyToMark(source[read..], _plain.AsSpan(written));
            read += plain;
            written += plain;
            if (read + 1 >= source.Length || source[read + 1] != 0)
            {
                break;
            }

            _plain[written++] = 0xFF;
            read += 2;
        }

        segments.Position += read;
        _plain.AsSpan(written, BitReader.Padding).Clear();
        return new BitReader(_plain.AsSpan(0, written + BitReader.Padding));
    }

    /// <returns>The number of bytes before the next 0xFF. More may have been copied: the padding leaves room for them.</returns>
    private static int CopyToMark(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var index = 0;
        for (; index <= source.Length - Vector256<byte>.Count; index += Vector256<byte>.Count)
        {
            var bytes = Vector256.Create(source[index..]);
            bytes.CopyTo(target[index..]);
            var marks = Vector256.Equals(bytes, Vector256.Create((byte)0xFF)).ExtractMostSignificantBits();
            if (marks != 0)
            {
                return index + BitOperations.TrailingZeroCount(marks);
            }
        }

        for (; index < source.Length && source[index] != 0xFF; index++)
        {
            target[index] = source[index];
        }

        return index;
    }

    /// <summary>Returns the bytes to the pool.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_plain);
        _plain = [];
    }

    private void Reserve(int length)
    {
        if (_plain.Length < length)
        {
            ArrayPool<byte>.Shared.Return(_plain);
            _plain = ArrayPool<byte>.Shared.Rent(length);
        }
    }
}
