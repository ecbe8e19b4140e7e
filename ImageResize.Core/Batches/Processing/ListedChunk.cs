using System.Text;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Jobs;

namespace ImageResize.Core.Batches.Processing;

/// <summary>The part of a listing that one table transaction stores: whole slices, and the files that were left out between them.</summary>
/// <param name="next">The state of the listing before the chunk.</param>
/// <param name="skipped">The files that were left out before the chunk.</param>
internal sealed class ListedChunk(Listing next, IReadOnlyList<SkippedFiles> skipped)
{
    /// <summary>A table transaction takes 100 rows: the header and these slices.</summary>
    private const int MaxSlices = 90;

    /// <summary>A table transaction takes 4 MiB, and the name of a blob can have 3 KB.</summary>
    private const int MaxBytes = 2_000_000;

    /// <summary>The approximate size of a thumbnail action in a row.</summary>
    private const int BytesPerThumbnail = 150;

    private readonly List<Job> _jobs = [];
    private int _bytes;
    private int _steps;

    public IReadOnlyList<Job> Jobs => _jobs;

    /// <summary>The state of the listing after the chunk.</summary>
    public Listing Next { get; private set; } = next;

    /// <summary>All files that were left out so far.</summary>
    public IReadOnlyList<SkippedFiles> Skipped { get; private set; } = skipped;

    public bool IsEmpty => _steps == 0;

    /// <summary>Whether it consists of whole slices and fills a transaction.</summary>
    public bool IsFull =>
        _jobs.Count > 0
        && _jobs.Count % SliceSizes.Block == 0
        && (_jobs.Count == MaxSlices * SliceSizes.Block || _bytes > MaxBytes);

    public void Add(ListingStep step)
    {
        Next = step.Next;
        _steps++;
        if (step.Skipped is { SkipReason: { } reason } file)
        {
            Skipped = SkippedFiles.Add(Skipped, file.Source, reason);
        }

        if (step.Job is { } job)
        {
            _jobs.Add(job);
            _bytes += Encoding.UTF8.GetByteCount(job.Source.Unredacted + job.Name) + (job.Actions.Thumbnails.Count * BytesPerThumbnail);
        }
    }
}
