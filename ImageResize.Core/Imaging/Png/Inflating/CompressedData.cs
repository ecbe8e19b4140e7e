using ImageResize.Core.Imaging.Png.Chunks;

namespace ImageResize.Core.Imaging.Png.Inflating;


/// <summary>A part of a PNG's compressed data, without the chunks that it is divided into, and zeros after it.</summary>
internal sealed class CompressedData
{
    /// <summary>More than the header of a block takes, and than a step of the decoder reads beyond.</summary>
    public const int Padding = 1_024;

    private const int Size = 65_536;

    private readonly byte[] _buffer = new byte[Size + Padding];

    /// <summary>Bytes of the buffer that are data.</summary>
    public int Length { get; private set; }

    /// <summary>Whether no data follows.</summary>
    public bool IsLast { get; private set; }

    /// <summary>The buffer with its padding.</summary>
    public ReadOnlySpan<byte> Buffer => _buffer;

    public void Start() => (Length, IsLast) = (0, false);

    /// <summary>Drops the first bytes, and reads as many as there is room for.</summary>
    public bool TryFill(ref PngChunks chunks, int used)
    {
        _buffer.AsSpan(used, Length - used).CopyTo(_buffer);
        Length -= used;
        while (!IsLast && Length < Size)
        {
            if (!chunks.TryReadData(_buffer.AsSpan(Length, Size - Length), out var read))
            {
                return false;
            }

            IsLast = read == 0;
            Length += read;
        }

        _buffer.AsSpan(Length, Padding).Clear();
        return true;
    }
}
