using ImageResize.Core.Imaging.Png.Chunks;
using ImageResize.Core.Imaging.Png.Inflating;
using ImageResize.Core.Imaging.Png.Rows;

namespace ImageResize.Core.Imaging.Png;

/// <summary>
/// Decodes PNGs row by row and keeps no more than two rows. Decodes one image at a time and keeps its memory for the next one. Every step
/// returns false for files that it does not support or finds damaged in any way, even behind the pixels.
/// </summary>
internal sealed class PngDecoder
{
    [ThreadStatic]
    private static PngDecoder? t_decoder;

    private readonly Inflater _inflater = new();
    private byte[] _row = [];
    private byte[] _above = [];

    /// <summary>This thread's decoder.</summary>
    public static PngDecoder OfThread => t_decoder ??= new PngDecoder();

    public PngImage Image { get; } = new();

    public bool TryReadHeader(ReadOnlySpan<byte> png)
    {
        var chunks = new PngChunks(png);
        return Image.TryRead(png, ref chunks);
    }

    /// <summary>Passes each row to all of the receivers. What they have received counts only if the whole file is sound.</summary>
    public bool TryDecode(ReadOnlySpan<byte> png, ReadOnlySpan<IRowReceiver> receivers, CancellationToken cancellationToken)
    {
        var chunks = new PngChunks(png);
        if (!Image.TryRead(png, ref chunks)
            || !_inflater.TryStart(ref chunks, (long)Image.Height * (1 + Image.RowBytes), 1 + Image.RowBytes))
        {
            return false;
        }

        PrepareRows();
        var checksum = new Adler();
        for (var row = 0; row < Image.Height; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryReadRow(ref chunks, ref checksum))
            {
                return false;
            }

            foreach (var receiver in receivers)
            {
                receiver.Add(_row);
            }

            (_row, _above) = (_above, _row);
        }

        return _inflater.TryFinish(ref chunks, checksum.Value) && PngImage.TryReadEnd(ref chunks);
    }

    private bool TryReadRow(ref PngChunks chunks, ref Adler checksum)
    {
        if (!_inflater.TryTake(ref chunks, 1 + Image.RowBytes, out var filtered))
        {
            return false;
        }

        checksum.Append(filtered[..(1 + Image.RowBytes)]);
        return RowFilter.TryUndo(filtered[0], filtered[1..], _above, _row, Image.PixelBytes, Image.RowBytes);
    }

    private void PrepareRows()
    {
        var length = Image.RowBytes + RowFilter.Padding;
        if (_row.Length < length)
        {
            _row = GC.AllocateUninitializedArray<byte>(length);
            _above = GC.AllocateUninitializedArray<byte>(length);
        }

        _above.AsSpan(0, length).Clear();
    }
}
