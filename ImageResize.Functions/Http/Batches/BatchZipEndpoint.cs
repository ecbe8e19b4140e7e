using System.IO.Compression;
using ImageResize.Core.Batches;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Batches;

/// <summary>Streams the thumbnails of a batch as a zip archive, without buffering them in memory or on disk.</summary>
internal static class BatchZipEndpoint
{
    public static IEndpointRouteBuilder MapBatchZip(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/batches/{id}/thumbnails.zip", ReadMethods.All, async (
            string id,
            BatchQueries batches,
            ThumbnailStores thumbnails,
            HttpRequest request,
            CancellationToken cancellationToken) =>
        {
            var status = await BatchEndpoints.GetRequiredAsync(id, batches, cancellationToken);

            return TypedResults.Stream(
                body => HttpMethods.IsHead(request.Method)
                    ? Task.CompletedTask
                    : WriteAsync(body, status.Batch, batches, thumbnails, cancellationToken),
                "application/zip",
                $"{status.Batch.Id}.zip");
        }).WithMetadata(new LongRunning(), new LargeResponse());

        return routes;
    }

    private static async Task WriteAsync(
        Stream body,
        Batch batch,
        BatchQueries batches,
        ThumbnailStores thumbnails,
        CancellationToken cancellationToken)
    {
        await using var archive = await ZipArchive.CreateAsync(
            body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var names = new ArchiveNames();
        for (int? from = 0; from is not null;)
        {
            var page = await batches.ListJobsAsync(batch, from.Value, JobState.Succeeded, cancellationToken);
            foreach (var job in page.Jobs.Select(job => job.Status.Result!))
            {
                foreach (var thumbnail in job.Thumbnails ?? [])
                {
                    if (names.Add(job, thumbnail) is { } name)
                    {
                        await AddAsync(archive, name, thumbnail, thumbnails, cancellationToken);
                    }
                }
            }

            from = page.Next;
        }

        await AddFailuresAsync(archive, batch, batches, cancellationToken);
    }

    /// <summary>Adds a table of the failed jobs, if there are any.</summary>
    private static async Task AddFailuresAsync(ZipArchive archive, Batch batch, BatchQueries batches, CancellationToken cancellationToken)
    {
        StreamWriter? table = null;
        for (int? from = 0; from is not null;)
        {
            var page = await batches.ListJobsAsync(batch, from.Value, JobState.Failed, cancellationToken);
            if (page.Jobs.Count > 0)
            {
                table ??= await FailureTable.BeginAsync(archive, cancellationToken);
                await FailureTable.AddAsync(table, page);
            }

            from = page.Next;
        }

        await (table?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static async Task AddAsync(
        ZipArchive archive, string name, MadeThumbnail thumbnail, ThumbnailStores thumbnails, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = await thumbnails.OpenAsync(thumbnail.Source, cancellationToken);

            // Images are already compressed.
            var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
            await using var content = await entry.OpenAsync(cancellationToken);
            await source.CopyToAsync(content, cancellationToken);
        }
        catch (RefusedException)
        {
            // The thumbnail was deleted after it was made.
        }
    }
}
