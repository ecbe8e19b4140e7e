using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs.Thumbnails;

namespace ImageResize.Core.Jobs;

/// <summary>The output of the work on a job's image, from which the job's actions take their parts.</summary>
internal sealed class JobOutput(string source, ImageWorkResult done, ThumbnailPlaces places)
{
    private readonly Queue<Thumbnail> _thumbnails = new(done.Thumbnails);

    public string Source { get; } = source;

    public ImageSize? Size { get; } = done.Size;

    public ThumbnailPlaces Places { get; } = places;

    /// <summary>Takes the next thumbnail: they are in the order of the actions.</summary>
    public Thumbnail TakeThumbnail() => _thumbnails.Dequeue();
}
