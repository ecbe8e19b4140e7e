namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Writes small pictures as baseline JPEG with the standard Huffman tables, colour as 4:2:0. One picture at a time; kept for
/// the next one.
/// </summary>
internal sealed class JpegEncoder
{
    private const int Side = 8;
    private const int BlockSize = Side * Side;

    private readonly float[] _block = new float[BlockSize];
    private readonly int[] _coefficients = new int[BlockSize];
    private readonly JpegWriter _writer = new();
    private readonly QuantisationTable _lumaTable = new(isChroma: false);
    private readonly QuantisationTable _chromaTable = new(isChroma: true);

    /// <param name="quality">1 to 100, as libjpeg counts it.</param>
    public byte[] Encode(ThumbnailPlanes planes, int quality)
    {
        _lumaTable.Prepare(quality);
        _chromaTable.Prepare(quality);
        _writer.Start(planes, _lumaTable, _chromaTable);

        if (planes.IsColour)
        {
            WriteColour(planes);
        }
        else
        {
            WriteGrey(planes.Luma);
        }

        return _writer.Finish();
    }

    private void WriteGrey(ThumbnailPlane plane)
    {
        var dc = 0;
        for (var top = 0; top < plane.Height; top += Side)
        {
            for (var left = 0; left < plane.Width; left += Side)
            {
                dc = WriteLuma(plane, top, left, dc);
            }
        }
    }

    private void WriteColour(ThumbnailPlanes planes)
    {
        var (dcOfY, dcOfCb, dcOfCr) = (0, 0, 0);
        for (var top = 0; top < planes.Cb.Height; top += Side)
        {
            for (var left = 0; left < planes.Cb.Width; left += Side)
            {
                for (var block = 0; block < 4; block++)
                {
                    dcOfY = WriteLuma(planes.Luma, (2 * top) + (block / 2 * Side), (2 * left) + (block % 2 * Side), dcOfY);
                }

                dcOfCb = WriteBlock(planes.Cb, top, left, _chromaTable, HuffmanCodes.Chroma, dcOfCb);
                dcOfCr = WriteBlock(planes.Cr, top, left, _chromaTable, HuffmanCodes.Chroma, dcOfCr);
            }
        }
    }

    private int WriteLuma(ThumbnailPlane plane, int top, int left, int dc)
    {
        if (top < plane.Height && left < plane.Width)
        {
            return WriteBlock(plane, top, left, _lumaTable, HuffmanCodes.Luma, dc);
        }

        // Nobody sees a block that is all beyond the edge: the cheapest one is as before.
        Array.Clear(_coefficients);
        _writer.WriteBlock(_coefficients, HuffmanCodes.Luma, difference: 0);
        return dc;
    }

    private int WriteBlock(ThumbnailPlane plane, int top, int left, QuantisationTable table, HuffmanCodes codes, int dc)
    {
        plane.CopyBlock(top, left, _block);
        ForwardDct.Transform(_block);
        table.Quantise(_block, _coefficients);
        _writer.WriteBlock(_coefficients, codes, _coefficients[0] - dc);
        return _coefficients[0];
    }
}
