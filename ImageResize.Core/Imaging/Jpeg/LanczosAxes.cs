namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>The axes last needed, with their weights: pictures of few sizes and samplings often come by turns.</summary>
internal sealed class LanczosAxes
{
    /// <summary>Luma and chroma of four thumbnails, of photos that lie and photos that stand.</summary>
    private const int Kept = 16;

    private readonly LanczosAxis[] _axes = [.. Enumerable.Range(0, Kept).Select(_ => new LanczosAxis())];
    private uint _next;

    /// <summary>For <paramref name="samples"/> samples, of which the first <paramref name="extent"/> are the picture's. Good until the next one.</summary>
    public LanczosAxis Find(int samples, double extent, in GridAxis grid)
    {
        foreach (var axis in _axes)
        {
            if (axis.IsFor(samples, extent, grid))
            {
                return axis;
            }
        }

        var oldest = _axes[_next++ % _axes.Length];
        oldest.Prepare(samples, extent, grid);
        return oldest;
    }
}
