namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Planes to pixels: YCbCr to RGB as JFIF defines it and rounded as libjpeg does, and turned upright on the way.</summary>
internal static class JpegColour
{
    private const int Bits = 16;
    private const int Half = 1 << (Bits - 1);

    // 1.402, 0.344136, 0.714136 and 1.772.
    private const int RedOfCr = 91_881;
    private const int GreenOfCb = 22_554;
    private const int GreenOfCr = 46_802;
    private const int BlueOfCb = 116_130;

    public static void WriteGrey(ReadOnlySpan<byte> plane, in UprightView view, Span<byte> pixels)
    {
        var next = 0;
        for (var row = 0; row < view.Height; row++)
        {
            var index = view.Start + (row * view.RowStep);
            for (var column = 0; column < view.Width; column++, index += view.ColumnStep)
            {
                pixels[next++] = plane[index];
            }
        }
    }

    public static void WriteRgb(ReadOnlySpan<byte> planes, bool isYcc, in UprightView view, Span<byte> pixels)
    {
        var length = planes.Length / 3;
        var first = planes[..length];
        var second = planes.Slice(length, length);
        var third = planes.Slice(2 * length, length);
        for (var row = 0; row < view.Height; row++)
        {
            var index = view.Start + (row * view.RowStep);
            for (var column = 0; column < view.Width; column++, index += view.ColumnStep)
            {
                var pixel = (first[index], second[index], third[index]);
                (pixels[0], pixels[1], pixels[2]) = isYcc ? ToRgb(pixel.Item1, pixel.Item2, pixel.Item3) : pixel;
                pixels = pixels[3..];
            }
        }
    }

    public static (byte Red, byte Green, byte Blue) ToRgb(int y, int cb, int cr)
    {
        cb -= 128;
        cr -= 128;
        return (
            Clamp(y + (((RedOfCr * cr) + Half) >> Bits)),
            Clamp(y + ((Half - (GreenOfCb * cb) - (GreenOfCr * cr)) >> Bits)),
            Clamp(y + (((BlueOfCb * cb) + Half) >> Bits)));
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
