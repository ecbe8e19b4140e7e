using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Core.Imaging.Jpeg.Encoding;

/// <summary>
/// Writes small images as baseline JPEG with the standard Huffman tables, color images as 4:2:0. Writes one image at a time and keeps its
/// memory for the next one.
/// </summary>
internal sealed class JpegEncoder
{
    private const int Side = 8;
    private const int BlockSize = Side * Side;

    private readonly float[] _block = new float[BlockSize];
    private readonly short[] _coefficients = new short[BlockSize];
    private readonly JpegWriter _writer = new();
    private readonly QuantizationTable _lumaTable = new(isChroma: false);
    private readonly QuantizationTable _chromaTable = new(isChroma: true);

    /// <param name="quality">1 to 100, on libjpeg's scale.</param>
    public byte[] Encode(ThumbnailPlanes planes, int quality)
    {
        _lumaTable.Prepare(quality);
        _chromaTable.Prepare(quality);
        _writer.Start(planes, _lumaTable, _chromaTable);

        if (planes.IsColor)
        {
            WriteColor(planes);
        }
        else
        {
            WriteGray(planes.Luma);
        }

        return _writer.Finish();
    }

    private void WriteGray(ThumbnailPlane plane)
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

    private void WriteColor(ThumbnailPlanes planes)
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

        // A block beyond the edge is never shown: the shortest one repeats the DC coefficient.
        _writer.WriteBlock(_coefficients, nonzero: 0, HuffmanCodes.Luma, difference: 0);
        return dc;
    }

    private int WriteBlock(ThumbnailPlane plane, int top, int left, QuantizationTable table, HuffmanCodes codes, int dc)
    {
        plane.CopyBlock(top, left, _block);
        ForwardDct.Transform(_block);
        var nonzero = table.Quantize(_block, _coefficients);
        _writer.WriteBlock(_coefficients, nonzero, codes, _coefficients[0] - dc);
        return _coefficients[0];
    }
}
