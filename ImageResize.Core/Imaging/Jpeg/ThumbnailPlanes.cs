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

    /// <summary>For luma and for chroma: their planes differ in size, but seldom from one picture to the next.</summary>
    private readonly LanczosResizer _lumaResizer = new();
    private readonly LanczosResizer _chromaResizer = new();

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
            _lumaResizer.Add(components[0], 1, grid, Luma);
            if (IsColour)
            {
                _chromaResizer.Add(components[1], 1, halved, Cb);
                _chromaResizer.Add(components[2], 1, halved, Cr);
            }
        }
    }

    private void Mix(ReadOnlySpan<JpegComponent> components, float[] parts, in UprightGrid grid, ThumbnailPlane target)
    {
        foreach (var component in components)
        {
            _chromaResizer.Add(component, parts[component.Index], grid, target);
        }
    }
}
