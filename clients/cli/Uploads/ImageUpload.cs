using System.Net;
using ImageResize.Cli.Results;
using ImageResize.Cli.Terminal;
using ImageResize.Client;

namespace ImageResize.Cli.Uploads;

/// <summary>Uploads files in parallel, except those that the service already has.</summary>
internal sealed class ImageUpload(Session session, UploadJournal journal, FailureSummary failures)
{
    private int _sent;
    private int _reused;
    private int _done;

    public int Sent => _sent;

    public int Reused => _reused;

    /// <returns>The sources in the order of the files. Null for those that the service refused.</returns>
    public Task<string?[]> RunAsync(IReadOnlyList<LocalImage> images, int parallel) =>
        session.Output.ShowAsync("Uploading", async report =>
        {
            var sources = new string?[images.Count];
            var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = session.Interrupt.Token };
            report.Set(0, images.Count);
            await Parallel.ForAsync(0, images.Count, options, async (i, cancellationToken) =>
            {
                sources[i] = await TryUploadAsync(images[i], cancellationToken);
                report.Set(Interlocked.Increment(ref _done), images.Count, failures.Count);
            });

            return sources;
        });

    private async Task<string?> TryUploadAsync(LocalImage image, CancellationToken cancellationToken)
    {
        try
        {
            // Described before it's read, so that a later change is noticed.
            var entry = UploadJournal.Entry.Of(image);
            if (journal.FindSource(entry) is { } known && await session.Client.FindUploadAsync(known, cancellationToken) is not null)
            {
                Interlocked.Increment(ref _reused);

                return known;
            }

            // Unbuffered, because it's copied in large blocks.
            await using var file = new FileStream(image.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var upload = await session.Client.UploadAsync(file, Path.GetFileName(image.Name), cancellationToken);
            journal.Add(entry with { Source = upload.Source });
            Interlocked.Increment(ref _sent);

            return upload.Source;
        }
        catch (ImageResizeException refusal) when (IsAboutImage(refusal))
        {
            failures.Add(refusal.Code, refusal.Message, image.Name);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            failures.Add("unreadable", fault.Message, image.Name);
        }

        return null;
    }

    private static bool IsAboutImage(ImageResizeException refusal) => refusal.StatusCode is HttpStatusCode.BadRequest
        or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity;
}
