using System.Buffers;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// The entropy-coded bytes of one scan or restart interval, without the zero after each 0xFF. One quick pass over them, and the
/// decoder's loops need not look for markers.
/// </summary>
internal sealed class EntropyBytes : IDisposable
{
    private byte[] _plain = [];

    /// <summary>Reads up to the next marker, and leaves the segments there.</summary>
    public BitReader Read(scoped ref SegmentReader segments)
    {
        var source = segments.Data[segments.Position..];
        Reserve(source.Length + BitReader.Padding);

        var length = 0;
        while (true)
        {
            var next = source.IndexOf((byte)0xFF);
            var isStuffed = next >= 0 && next + 1 < source.Length && source[next + 1] == 0;
            var taken = isStuffed ? next + 1 : next < 0 ? source.Length : next;
            source[..taken].CopyTo(_plain.AsSpan(length));
            length += taken;
            source = source[(isStuffed ? taken + 1 : taken)..];
            if (!isStuffed)
            {
                break;
            }
        }

        segments.Position = segments.Data.Length - source.Length;
        _plain.AsSpan(length, BitReader.Padding).Clear();
        return new BitReader(_plain.AsSpan(0, length + BitReader.Padding));
    }

    public void Dispose()
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
