using System.IO.Compression;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using ImageResize.Functions.Access;

namespace ImageResize.Functions.Http.Batches;

/// <summary>All thumbnails of a batch that are there, in one zip archive; a piece of one at a time in memory, none on disk.</summary>
internal static class BatchZipEndpoint
{
    public static IEndpointRouteBuilder MapBatchZip(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/batches/{id}/thumbnails.zip", async (
            string id,
            BatchReader batches,
            SourceReader sources,
            CancellationToken cancellationToken) =>
        {
            var status = await BatchEndpoints.KnownAsync(id, batches, cancellationToken);

            return TypedResults.Stream(
                body => WriteAsync(body, status.Batch, batches, sources, cancellationToken),
                "application/zip",
                $"{status.Batch.Id}.zip");
        }).WithMetadata(new LongAnswer(), new LargeAnswer());

        return routes;
    }

    private static async Task WriteAsync(
        Stream body,
        Batch batch,
        BatchReader batches,
        SourceReader sources,
        CancellationToken cancellationToken)
    {
        await using var archive = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int? from = 0; from is not null;)
        {
            var page = await batches.ListAsync(batch, from.Value, JobState.Succeeded, cancellationToken);
            foreach (var thumbnail in page.Jobs.SelectMany(job => job.Status.Result?.Thumbnails ?? []))
            {
                // Sources of one batch can be twins, and their thumbnails then one.
                if (names.Add(NameOf(thumbnail.Source)))
                {
                    await AddAsync(archive, thumbnail, sources, cancellationToken);
                }
            }

            from = page.Next;
        }
    }

    private static async Task AddAsync(ZipArchive archive, MadeThumbnail thumbnail, SourceReader sources, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = await sources.OpenAsync(thumbnail.Source, cancellationToken);

            // Pictures are compressed already.
            var entry = archive.CreateEntry(NameOf(thumbnail.Source), CompressionLevel.NoCompression);
            await using var content = await entry.OpenAsync(cancellationToken);
            await source.CopyToAsync(content, cancellationToken);
        }
        catch (RefusedException)
        {
            // Made once, and taken away since.
        }
    }

    /// <summary>Where it lies, without the places all have in common. A backslash in a file's name is a step into a folder on Windows.</summary>
    private static string NameOf(string place)
    {
        var scheme = place.IndexOf("://", StringComparison.Ordinal);
        var path = scheme < 0 ? place : place[(scheme + 3)..];

        return path.TrimStart('/').Replace("ImageResize/images/resized/", "", StringComparison.Ordinal).Replace('\\', '_');
    }
}
