using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;

namespace ImageResize.Core.Imaging.Jpeg.Scans;

/// <summary>
/// Decodes the DC scans of a progressive file: the upper bits first, then one bit per scan (ITU-T T.81, G.1.2.1). Computes the samples when
/// all scans have been read.
/// </summary>
internal static class ProgressiveBlocks
{
    private const int BlockSize = 64;

    public static bool TryDecode(
        ref BitReader reader,
        ReadOnlySpan<McuBlock> blocks,
        int row,
        int column,
        int run,
        in ProgressiveStep step)
    {
        for (var mcu = column; mcu < column + run; mcu++)
        {
            foreach (ref readonly var block in blocks)
            {
                var coefficients = block.Component.Coefficients;
                ref var coefficient = ref coefficients.Values[block.Index(row, mcu) * coefficients.Kept];
                reader.Refill();
                if (step.PreviousBit >= 0)
                {
                    coefficient |= (short)((int)(reader.Bits >> 63) << step.Bit);
                    reader.Take(1);
                }
                else if (TryDecodeFirst(ref reader, block.Component))
                {
                    coefficient = (short)(block.Component.Prediction << step.Bit);
                }
                else
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <param name="cancellationToken">Checked once per row of blocks.</param>
    public static void WriteSamples(JpegComponent component, CancellationToken cancellationToken)
    {
        var coefficients = component.Coefficients;
        var order = BlockSamples.Order(component.Scale);
        Span<short> kept = stackalloc short[BlockSize];
        for (var row = 0; row < component.BlocksDown; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = row * component.BlockStride;
            var offset = row * component.Scale * component.Stride;
            for (var column = 0; column < component.BlocksAcross; column++, block++, offset += component.Scale)
            {
                var values = coefficients.Values.Slice(block * coefficients.Kept, coefficients.Kept);
                var samples = component.Samples[offset..];
                if (!values[1..].ContainsAnyExcept((short)0))
                {
                    BlockSamples.WriteMean(component, values[0], samples);
                    continue;
                }

                kept.Clear();
                for (var position = 1; position < values.Length; position++)
                {
                    kept[order[position]] = values[position];
                }

                BlockSamples.Write(component, values[0], kept, samples);
            }
        }
    }

    private static bool TryDecodeFirst(ref BitReader reader, JpegComponent component)
    {
        var isDecoded = DcDifference.TryRead(ref reader, component.DcTable!, out var difference);
        component.Prediction += difference;
        return isDecoded;
    }
}
