using System.Text.Json.Serialization;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Jobs;

/// <summary>Makes a thumbnail and stores it.</summary>
/// <param name="Suffix">
/// What the thumbnail's name adds to the source's, for example <c>_resized</c>: <c>a.jpg</c> becomes <c>a_resized.jpg</c>.
/// </param>
public sealed record ThumbnailAction(ThumbnailSpec Spec, string Suffix) : JobAction
{
    internal override ImageWork AddTo(ImageWork work) => work with { Specs = [.. work.Specs, Spec] };

    internal override async Task<JobResult> CompleteAsync(JobResult result, JobOutput output, CancellationToken cancellationToken)
    {
        var thumbnail = output.TakeThumbnail();
        var name = new ThumbnailName(Suffix, thumbnail.Format.GetExtension(), IsConverted: Spec.Format is not null);
        var place = await output.StoreAsync(thumbnail, name, cancellationToken);
        var made = new MadeThumbnail(place, thumbnail.Format, thumbnail.Width, thumbnail.Height, thumbnail.Bytes.Length)
        {
            Note = thumbnail.Note,
        };

        return result with { Thumbnails = [.. result.Thumbnails ?? [], made] };
    }

    internal override JobResult Fail(JobResult result) => result with { Thumbnails = [] };
}

/// <summary>A stored thumbnail.</summary>
/// <param name="Source">Where it is stored, usable as a source.</param>
public sealed record MadeThumbnail(SourceUri Source, ImageFormat Format, int Width, int Height, long Bytes)
{
    /// <summary>How it differs from what was asked for, for people; null if it does not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }
}
