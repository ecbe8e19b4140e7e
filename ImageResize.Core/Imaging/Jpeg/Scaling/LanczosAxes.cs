namespace ImageResize.Core.Imaging.Jpeg.Scaling;

/// <summary>Caches the axes used last, with their weights: images of few sizes and samplings often alternate.</summary>
internal sealed class LanczosAxes
{
    /// <summary>Enough for luma and chroma of four thumbnails, of landscape and portrait photos.</summary>
    private const int Kept = 16;

    private readonly LanczosAxis[] _axes = [.. Enumerable.Range(0, Kept).Select(_ => new LanczosAxis())];
    private uint _next;

    /// <summary>
    /// Returns the axis for <paramref name="samples"/> samples, of which the first <paramref name="extent"/> belong to the image. Valid
    /// until the next call.
    /// </summary>
    public LanczosAxis Find(int samples, double extent, bool areMeans, in GridAxis grid)
    {
        foreach (var axis in _axes)
        {
            if (axis.IsFor(samples, extent, areMeans, grid))
            {
                return axis;
            }
        }

        var oldest = _axes[_next++ % _axes.Length];
        oldest.Prepare(samples, extent, areMeans, grid);
        return oldest;
    }
}
