using ImageResize.Core.Imaging.Jpeg.Frames;
using ImageResize.Core.Imaging.Jpeg.Transforms;

namespace ImageResize.Core.Imaging.Jpeg.Scans;

/// <summary>Computes the samples of a block from the coefficients that its scale needs.</summary>
internal static class BlockSamples
{
    /// <summary>Zigzag positions of the coefficients from which the means of a block's quarters are computed.</summary>
    private const int Across = 1;
    private const int Down = 2;
    private const int Diagonal = 4;

    /// <summary>Samples of a block, across and down, of which each is the mean of a quarter.</summary>
    private const int QuarterSide = 2;

    /// <summary>One coefficient, or those of <see cref="Diagonal"/> and before, in the order of the file.</summary>
    private static ReadOnlySpan<byte> FileOrder => [0, 1, 2, 3, 4];

    /// <summary>By zigzag position, up to the last one that a scale needs: where <see cref="Write"/> expects the coefficient.</summary>
    /// <param name="scale">Samples of a block, across and down.</param>
    public static ReadOnlySpan<byte> Order(int scale) => scale switch
    {
        1 => FileOrder[..1],
        QuarterSide => FileOrder,
        _ => InverseDct.Order(scale),
    };

    /// <param name="kept">The coefficients of the component's scale as the file has them, without the first one.</param>
    public static void Write(JpegComponent component, int dc, Span<short> kept, Span<byte> samples)
    {
        if (component.Scale == QuarterSide)
        {
            var steps = component.Quantization;
            ScaledBlock.WriteQuarters(
                dc * steps[0],
                kept[Across] * steps[Across],
                kept[Down] * steps[Down],
                kept[Diagonal] * steps[Diagonal],
                samples,
                component.Stride);

            return;
        }

        kept[0] = (short)Math.Clamp(dc, short.MinValue, short.MaxValue);
        if (component.Scale == InverseDct.HalfSide)
        {
            InverseDct.WriteHalf(kept, component.Multipliers, samples, component.Stride);
        }
        else
        {
            InverseDct.WriteWhole(kept, component.Multipliers, samples, component.Stride);
        }
    }

    /// <summary>Writes a block of which only the first coefficient is not zero.</summary>
    public static void WriteMean(JpegComponent component, int dc, Span<byte> samples)
    {
        var mean = ScaledBlock.Mean(dc * component.Quantization[0]);
        for (var row = 0; row < component.Scale; row++)
        {
            samples.Slice(row * component.Stride, component.Scale).Fill(mean);
        }
    }
}
