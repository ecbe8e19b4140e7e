using ImageResize.Cli.Terminal;
using ImageResize.Client;

namespace ImageResize.Cli.Results;

/// <summary>Saves the thumbnails of a batch to a folder, except those that are there already.</summary>
/// <param name="names">The names of uploaded files, by source.</param>
/// <param name="failures">Receives thumbnails that were deleted after they were made, or that can't be saved.</param>
internal sealed class ThumbnailFetch(
    Session session, string folder, IReadOnlyDictionary<string, string> names, FailureSummary failures)
{
    private const int Parallelism = 8;

    private int _saved;

    /// <returns>The number of thumbnails in the folder.</returns>
    public Task<int> RunAsync(Batch batch) => session.Output.ShowAsync("Saving", async report =>
    {
        var jobs = session.Client.ListJobsAsync(batch.Id, JobState.Succeeded, session.Interrupt.Token);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = session.Interrupt.Token };
        report.Set(0, batch.Counts.Succeeded);
        var done = 0;
        await Parallel.ForEachAsync(jobs, options, async (job, cancellationToken) =>
        {
            await SaveAsync(job, cancellationToken);
            report.Set(Interlocked.Increment(ref done), batch.Counts.Succeeded);
        });

        return _saved;
    });

    private async Task SaveAsync(Job job, CancellationToken cancellationToken)
    {
        var source = job.Source ?? job.Id;
        var name = names.GetValueOrDefault(source) ?? ThumbnailNames.Of(source);
        var thumbnails = job.Thumbnails ?? [];
        for (var i = 0; i < thumbnails.Count; i++)
        {
            var file = Path.Combine(folder, ThumbnailNames.Of(name, thumbnails[i].Format, thumbnails.Count == 1 ? null : i));
            try
            {
                if (!IsSaved(file, thumbnails[i]))
                {
                    await SaveAsync(job.Id, i, file, cancellationToken);
                }

                Interlocked.Increment(ref _saved);
            }
            catch (ImageResizeException deleted) when (deleted.Code == "thumbnail_not_found")
            {
                failures.Add(deleted.Code, "The thumbnail does not exist anymore.", name);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                failures.Add("not_saved", fault.Message, name);
            }
        }
    }

    private static bool IsSaved(string file, StoredThumbnail thumbnail) =>
        new FileInfo(file) is { Exists: true } existing && existing.Length == thumbnail.Bytes;

    /// <summary>The file appears whole or not at all.</summary>
    private async Task SaveAsync(string job, int number, string file, CancellationToken cancellationToken)
    {
        var place = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(place);
        var unfinished = Path.Combine(place, $".{Path.GetRandomFileName()}.part"); // The name of the file may be as long as names can be.
        try
        {
            await using (var stream = File.Create(unfinished))
            {
                await session.Client.DownloadThumbnailAsync(job, number, stream, cancellationToken);
            }

            File.Move(unfinished, file, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
