using ImageResize.Core.Imaging.Jpeg.Frames;

namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>
/// The planes of an upright thumbnail as a JPEG stores them: YCbCr with chroma at half size. Decoded planes are resized directly to the
/// encoder's grid, so that colors are neither converted nor resized twice. The next thumbnail of the thread overwrites them.
/// </summary>
internal sealed class ThumbnailPlanes
{
    /// <summary>By output plane (Y, Cb, Cr): weights of red, green and blue (JFIF 1.02, conversion from RGB).</summary>
    private static readonly float[][] FromRgb =
    [
        [0.299f, 0.587f, 0.114f],
        [-0.168736f, -0.331264f, 0.5f],
        [0.5f, -0.418688f, -0.081312f],
    ];

    private readonly LanczosResizer _resizer = new(IntegerResizer.IsSupported);

    public int Width => Luma.Width;

    public int Height => Luma.Height;

    public bool IsColor { get; private set; }

    public ThumbnailPlane Luma { get; } = new();

    public ThumbnailPlane Cb { get; } = new();

    public ThumbnailPlane Cr { get; } = new();

    public void Prepare(int width, int height, bool isColor)
    {
        IsColor = isColor;
        Luma.Prepare(width, height);
        if (isColor)
        {
            Cb.Prepare((width + 1) / 2, (height + 1) / 2);
            Cr.Prepare((width + 1) / 2, (height + 1) / 2);
        }
    }

    /// <summary>Resizes a decoded image's planes and turns them upright.</summary>
    public void Read(ReadOnlySpan<JpegComponent> components, bool isRgb, int orientation, in FittedSize size)
    {
        var grid = UprightGrid.Of(orientation, size, pixels: 1);
        var halved = UprightGrid.Of(orientation, size, pixels: 2);
        Prepare(grid.Width, grid.Height, components.Length == 3);
        if (isRgb)
        {
            Mix(components, FromRgb[0], grid, Luma);
            Mix(components, FromRgb[1], halved, Cb);
            Mix(components, FromRgb[2], halved, Cr);
        }
        else
        {
            _resizer.Add(components[0], 1, grid, Luma);
            if (IsColor)
            {
                _resizer.Add(components[1], 1, halved, Cb);
                _resizer.Add(components[2], 1, halved, Cr);
            }
        }
    }

    private void Mix(ReadOnlySpan<JpegComponent> components, float[] parts, in UprightGrid grid, ThumbnailPlane target)
    {
        foreach (var component in components)
        {
            _resizer.Add(component, parts[component.Index], grid, target);
        }
    }
}
