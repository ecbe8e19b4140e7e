using NetVips;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>
/// One step of image processing. <see cref="ThumbnailParameters.GetOperations"/> lists the steps of a thumbnail in their order.
/// </summary>
internal abstract record Operation
{
    /// <summary>Size of the result for an image of this size, in pixels.</summary>
    public virtual (int Width, int Height) GetResultSize(int width, int height) => (width, height);

    /// <summary>
    /// Size of the image that gives a result of this size. Used for steps before the resize, because images are decoded smaller.
    /// </summary>
    public virtual (int Width, int Height) GetSourceSize(int width, int height) => (width, height);

    /// <param name="frames">Frames in the image, one below the other.</param>
    /// <returns>A new image, or null if this one needs no change.</returns>
    public abstract Image? Apply(Image image, int frames);
}
