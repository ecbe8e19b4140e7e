using ImageResize.Core.Imaging.Jpeg.Scaling;
using ImageResize.Core.Imaging.Png.Chunks;

namespace ImageResize.Core.Imaging.Png.Scaling;

/// <summary>The weights for planes of one size. Kept for the next image, which often has the same.</summary>
internal sealed class ScalerAxes
{
    private readonly LanczosAxis _across = new();
    private readonly LanczosAxis _down = new();
    private int _width;
    private int _height;

    /// <param name="box">Sides of the boxes whose means are resized.</param>
    /// <param name="pixels">Thumbnail pixels that a position covers, across and down.</param>
    public void Prepare(PngImage image, (int Across, int Down) box, in FittedSize size, int pixels)
    {
        var grid = UprightGrid.Of(orientation: 1, size, pixels);
        _width = Prepare(_across, image.Width, box.Across, grid.Across);
        _height = Prepare(_down, image.Height, box.Down, grid.Down);
    }

    public void Start(PlaneRows rows, ThumbnailPlane target) => rows.Prepare(_width, _height, _across, _down, target);

    private static int Prepare(LanczosAxis axis, int length, int side, in GridAxis grid)
    {
        var samples = (length + side - 1) / side;
        var extent = length / (double)side;
        if (!axis.IsFor(samples, extent, side > 1, grid))
        {
            axis.Prepare(samples, extent, side > 1, grid);
        }

        return samples;
    }
}
