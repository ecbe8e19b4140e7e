using System.Runtime.Intrinsics;

namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>One upright plane of a thumbnail: luma, or chroma at half size. Values are centered on zero, as a JPEG codes them.</summary>
internal sealed class ThumbnailPlane
{
    private const int Side = 8;
    private float[] _values = [];

    public int Width { get; private set; }

    public int Height { get; private set; }

    public Span<float> Values => _values.AsSpan(0, Width * Height);

    /// <summary>Sets the size and clears the values.</summary>
    public void Prepare(int width, int height)
    {
        (Width, Height) = (width, height);
        if (_values.Length < width * height)
        {
            _values = GC.AllocateUninitializedArray<float>(width * height);
        }

        Values.Clear();
    }

    /// <summary>Copies a block of 8 x 8 values, clamped to 8 bits. Beyond the edge the edge values are repeated.</summary>
    public void CopyBlock(int top, int left, Span<float> block)
    {
        var values = Values;
        for (var down = 0; down < Side; down++)
        {
            var row = values.Slice(Math.Min(top + down, Height - 1) * Width, Width)[left..];
            var target = block.Slice(down * Side, Side);
            if (row.Length < Side)
            {
                row.CopyTo(target);
                target[row.Length..].Fill(row[^1]);
                row = target;
            }

            Vector256.Clamp(Vector256.Create<float>(row), Vector256.Create(-128f), Vector256.Create(127f)).CopyTo(target);
        }
    }
}
