using ImageResize.Core.Sources;

namespace ImageResize.Core.Batches;

/// <summary>Files of a batch's folders that did not become jobs, all for the same reason.</summary>
/// <param name="Reason">The name of the <see cref="SkipReason"/>.</param>
/// <param name="Examples">The first of these files.</param>
public sealed record SkippedFiles(string Reason, int Count, IReadOnlyList<string> Examples)
{
    private const int MaxExamples = 3;

    /// <summary>Returns the list with the file added. The list itself is not changed.</summary>
    public static IReadOnlyList<SkippedFiles> Add(IReadOnlyList<SkippedFiles> skipped, SourceUri file, SkipReason reason)
    {
        var known = skipped.FirstOrDefault(files => files.Reason == reason.Name) ?? new SkippedFiles(reason.Name, Count: 0, []);
        var more = known with
        {
            Count = known.Count + 1,
            Examples = known.Examples.Count < MaxExamples ? [.. known.Examples, file.Redacted] : known.Examples,
        };

        return known.Count == 0
            ? [.. skipped, more]
            : [.. skipped.Select(files => files.Reason == reason.Name ? more : files)];
    }
}
