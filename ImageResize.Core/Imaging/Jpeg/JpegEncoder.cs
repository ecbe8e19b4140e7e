
namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Writes small pictures as baseline JPEG with the standard Huffman tables, colour as 4:2:0. One picture at a time; kept for
/// the next one.
/// </summary>
internal sealed class JpegEncoder
{
    private const int Side = 8;
    private const int BlockSize = Side * Side;

    private readonly float[] _luma = new float[4 * BlockSize];
    private readonly float[] _cb = new float[BlockSize];
    private readonly float[] _cr = new float[BlockSize];
    private readonly JpegWriter _writer = new();
    private readonly QuantisationTable _lumaTable = new(isChroma: false);
    private readonly QuantisationTable _chromaTable = new(isChroma: true);

    /// <param name="quality">1 to 100, as libjpeg counts it.</param>
    public byte[] Encode(JpegPixels pixels, int quality)
    {
        _lumaTable.Prepare(quality);
        _chromaTable.Prepare(quality);
        _writer.Start(pixels, _lumaTable, _chromaTable);

        if (pixels.Channels == 1)
        {
            WriteGrey(pixels);
        }
        else
        {
            WriteColour(pixels);
        }

        return _writer.Finish();
    }

    private void WriteGrey(JpegPixels pixels)
    {
        var bytes = pixels.Bytes.Span;
        var dc = 0;
        for (var top = 0; top < pixels.Height; top += Side)
        {
            for (var left = 0; left < pixels.Width; left += Side)
            {
                for (var index = 0; index < BlockSize; index++)
                {
                    // Beyond the edge the pixels at the edge go on.
                    var row = Math.Min(top + (index / Side), pixels.Height - 1);
                    var column = Math.Min(left + (index % Side), pixels.Width - 1);
                    _luma[index] = bytes[(row * pixels.Width) + column] - 128;
                }

                dc = WriteBlock(_luma.AsSpan(0, BlockSize), _lumaTable, HuffmanCodes.Luma, dc);
            }
        }
    }

    private void WriteColour(JpegPixels pixels)
    {
        var (dcOfY, dcOfCb, dcOfCr) = (0, 0, 0);
        for (var top = 0; top < pixels.Height; top += 2 * Side)
        {
            for (var left = 0; left < pixels.Width; left += 2 * Side)
            {
                ReadMcu(pixels, top, left);
                for (var block = 0; block < 4; block++)
                {
                    // Nobody sees a block that is all beyond the edge: the cheapest one is as before.
                    var isSeen = left + (block % 2 * Side) < pixels.Width && top + (block / 2 * Side) < pixels.Height;
                    dcOfY = isSeen
                        ? WriteBlock(_luma.AsSpan(block * BlockSize, BlockSize), _lumaTable, HuffmanCodes.Luma, dcOfY)
                        : WriteEmptyBlock(HuffmanCodes.Luma, dcOfY);
                }

                dcOfCb = WriteBlock(_cb, _chromaTable, HuffmanCodes.Chroma, dcOfCb);
                dcOfCr = WriteBlock(_cr, _chromaTable, HuffmanCodes.Chroma, dcOfCr);
            }
        }
    }

    private void ReadMcu(JpegPixels pixels, int top, int left)
    {
        var bytes = pixels.Bytes.Span;
        Array.Clear(_cb);
        Array.Clear(_cr);
        for (var down = 0; down < 2 * Side; down++)
        {
            var row = Math.Min(top + down, pixels.Height - 1) * pixels.Width;
            for (var across = 0; across < 2 * Side; across++)
            {
                var pixel = bytes.Slice(3 * (row + Math.Min(left + across, pixels.Width - 1)), 3);
                float red = pixel[0];
                float green = pixel[1];
                float blue = pixel[2];
                var block = ((down / Side) * 2) + (across / Side);
                _luma[(block * BlockSize) + (down % Side * Side) + (across % Side)] =
                    (0.299f * red) + (0.587f * green) + (0.114f * blue) - 128;

                // Four pixels make one of chroma: a quarter of each.
                var chroma = (down / 2 * Side) + (across / 2);
                _cb[chroma] += 0.25f * ((-0.168736f * red) - (0.331264f * green) + (0.5f * blue));
                _cr[chroma] += 0.25f * ((0.5f * red) - (0.418688f * green) - (0.081312f * blue));
            }
        }
    }

    private int WriteEmptyBlock(HuffmanCodes codes, int dc)
    {
        Span<int> coefficients = stackalloc int[BlockSize];
        coefficients.Clear();
        _writer.WriteBlock(coefficients, codes, difference: 0);
        return dc;
    }

    private int WriteBlock(Span<float> block, QuantisationTable table, HuffmanCodes codes, int dc)
    {
        Span<int> coefficients = stackalloc int[BlockSize];
        ForwardDct.Transform(block);
        table.Quantise(block, coefficients);
        _writer.WriteBlock(coefficients, codes, coefficients[0] - dc);
        return coefficients[0];
    }
}
