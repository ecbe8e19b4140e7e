using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Thumbnails;

namespace ImageResize.Core.Jobs;

/// <summary>The output of the work on a job's image, from which the job's actions take their parts.</summary>
internal sealed class JobOutput(SourceUri source, ImageWorkResult done, SourceReader sources, ThumbnailStores stores)
{
    private readonly Queue<Thumbnail> _thumbnails = new(done.Thumbnails);

    public ImageSize? Size { get; } = done.Size;

    /// <summary>Takes the next thumbnail: they are in the order of the actions.</summary>
    public Thumbnail TakeThumbnail() => _thumbnails.Dequeue();

    /// <returns>The place where the thumbnail is stored.</returns>
    public async Task<SourceUri> StoreAsync(Thumbnail thumbnail, ThumbnailName name, CancellationToken cancellationToken)
    {
        var place = sources.GetSource(source).PlaceThumbnail(source, name);
        await stores.PutAsync(place, thumbnail.Bytes, thumbnail.Format.GetContentType(), cancellationToken);

        return place;
    }
}
