using System.Diagnostics.CodeAnalysis;
using ImageResize.Core.Batches;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Storage.Tables;

/// <summary>What is true for all rows that this program writes, and what its loops rely on.</summary>
internal static class RowRules
{
    /// <summary>More than a batch can have.</summary>
    private const int MaxJobs = 100_000_000;

    /// <exception cref="InvalidDataException">A value is missing or out of its range; also in the other methods.</exception>
    public static Batch Check(Batch batch)
    {
        Require(batch.SliceSize > 0 && SliceSizes.Block % batch.SliceSize == 0, "its slices have an impossible size");
        Require(batch.Total is null or (>= 0 and <= MaxJobs), "its number of jobs is impossible");
        Require(batch.Total is not null || IsValid(batch.Listing), "its listing is incomplete");

        return batch;
    }

    /// <summary>A slice is in one block of results.</summary>
    public static StoredSlice Check(StoredSlice? slice)
    {
        Require(slice is { Sources: not null, Actions: not null }, "the jobs of a slice are missing");
        var jobs = slice.Sources.Count;
        Require(
            slice.First is >= 0 and <= MaxJobs && (slice.First % SliceSizes.Block) + jobs <= SliceSizes.Block,
            "its jobs have other numbers");
        Require(slice.Sources.All(source => source is not null) && slice.Actions.All(IsValid), "a job is incomplete");
        Require(
            jobs == 0 || (slice.Actions.Count > 0 && HasActions(slice, jobs)),
            "the actions of a job are missing");

        return slice;
    }

    public static JobResult Check(JobResult? result)
    {
        Require(
            result is { Source: not null } && (result.Thumbnails ?? []).All(thumbnail => thumbnail is { Source: not null }),
            "a result is incomplete");

        return result;
    }

    /// <summary>The images of a watch that are not submitted yet.</summary>
    public static IReadOnlyList<SourceUri> Check(IReadOnlyList<SourceUri>? images)
    {
        Require(images is not null && images.All(image => image is not null), "an image is missing");

        return images;
    }

    private static bool IsValid(Listing? listing) =>
        listing is { Listed: >= 0 and <= MaxJobs, Offset: >= 0, LinesRead: >= 0 }
        && (listing.Actions is null ? listing.Folder is null : IsValid(listing.Actions));

    private static bool IsValid(JobActions? actions) =>
        actions is { Thumbnails: not null } && actions.Thumbnails.All(action => action is { Spec: not null, Suffix: not null });

    private static bool HasActions(StoredSlice slice, int jobs) =>
        slice.ActionsOf is not { } indexes
        || (indexes.Count >= jobs && indexes.All(index => index >= 0 && index < slice.Actions.Count));

    private static void Require([DoesNotReturnIf(false)] bool isTrue, string otherwise)
    {
        if (!isTrue)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
