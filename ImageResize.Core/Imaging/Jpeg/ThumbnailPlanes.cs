namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// A small upright picture as a JPEG holds it, YCbCr with chroma at half size: what is decoded goes straight to the grid that
/// is encoded, so that colours are neither converted nor resized twice. Belongs to its thread, which overwrites it with the next picture.
/// </summary>
internal sealed class ThumbnailPlanes
{
    /// <summary>What of the three stored planes makes luma, Cb and Cr where they are red, green and blue.</summary>
    private static readonly float[][] FromRgb =
    [
        [0.299f, 0.587f, 0.114f],
        [-0.168736f, -0.331264f, 0.5f],
        [0.5f, -0.418688f, -0.081312f],
    ];

    private readonly LanczosResizer _resizer = new();

    public int Width => Luma.Width;

    public int Height => Luma.Height;

    public bool IsColour { get; private set; }

    public ThumbnailPlane Luma { get; } = new();

    public ThumbnailPlane Cb { get; } = new();

    public ThumbnailPlane Cr { get; } = new();

    public void Prepare(int width, int height, bool isColour)
    {
        IsColour = isColour;
        Luma.Prepare(width, height);
        if (isColour)
        {
            Cb.Prepare((width + 1) / 2, (height + 1) / 2);
            Cr.Prepare((width + 1) / 2, (height + 1) / 2);
        }
    }

    /// <summary>Resizes a decoded picture's planes and sets them upright.</summary>
    public void Read(JpegDecoder decoder, int orientation, in FittedSize size)
    {
        var components = decoder.Frame.Components;
        var grid = UprightGrid.Of(orientation, size, pixels: 1);
        var halved = UprightGrid.Of(orientation, size, pixels: 2);
        Prepare(grid.Width, grid.Height, components.Length == 3);
        if (decoder.IsRgb)
        {
            Mix(components, FromRgb[0], grid, Luma);
            Mix(components, FromRgb[1], halved, Cb);
            Mix(components, FromRgb[2], halved, Cr);
        }
        else
        {
            _resizer.Add(components[0], 1, grid, Luma);
            if (IsColour)
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
