using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches.Submission;

/// <summary>A job of a listing, or a file that is left out.</summary>
/// <param name="Next">The state of the listing after the step.</param>
public sealed record ListingStep(Listing Next)
{
    /// <summary>Null if a file is left out.</summary>
    public Job? Job { get; init; }

    /// <summary>The file that is left out; null if there is a job.</summary>
    public FolderEntry? Skipped { get; init; }
}
