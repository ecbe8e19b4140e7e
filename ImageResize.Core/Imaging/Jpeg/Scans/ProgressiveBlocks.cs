using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;
using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Core.Imaging.Jpeg.Scans;

/// <summary>Decodes the DC scans of a progressive file: the upper bits first, then one bit per scan (ITU-T T.81, G.1.2.1).</summary>
internal static class ProgressiveBlocks
{
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
                ref var coefficient = ref block.Component.Coefficients[block.SampleOffset(row, mcu)];
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

    public static void WriteSamples(JpegComponent component)
    {
        var quantization = component.Quantization[0];
        for (var row = 0; row < component.BlocksDown; row++)
        {
            var coefficients = component.Coefficients.AsSpan(row * component.Stride, component.BlocksAcross);
            var samples = component.Samples.Slice(row * component.Stride, component.BlocksAcross);
            for (var column = 0; column < coefficients.Length; column++)
            {
                samples[column] = ScaledBlock.Mean(coefficients[column] * quantization);
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
