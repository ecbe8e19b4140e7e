using System.Globalization;
using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Folder;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.Extensions.Primitives;

namespace ImageResize.Functions.Http.Legacy;

/// <summary>
/// The replaced program's <c>/imageapi</c>. GET queues a measurement; POST queues a thumbnail, or one for each image of a folder.
/// </summary>
internal static class ImageApiEndpoints
{
    private const int DefaultSide = 100;
    private const int MaxSide = 4_096;
    private const string NoPath = "Does not specify imagePath parameter. Image request is invalid.";

    public static IEndpointRouteBuilder MapImageApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/imageapi", MeasureAsync).WithMetadata(new SubmitsWork());
        routes.MapPost("/imageapi", ResizeAsync);

        return routes;
    }

    private static async Task<IResult> MeasureAsync(
        HttpRequest request,
        SourceReader sources,
        BatchSubmitter submitter,
        CancellationToken cancellationToken)
    {
        if (StringValues.IsNullOrEmpty(request.Query["imagePath"]))
        {
            return LegacyReply.Error(400, NoPath);
        }

        try
        {
            LegacyParameters.RefuseMistakes(request);
            var path = QueryParameters.Find(request, "imagePath")!;
            var (source, _) = await FindSourceAsync(path, sources, cancellationToken);
            if (FolderPath.IsRoot(source.Path))
            {
                throw new RefusedException(ErrorCode.SourceNotAFile, "The given image path is not a file.");
            }

            var batch = await submitter.SubmitAsync(new Job(source, JobActions.OnlyMeasure), cancellationToken);

            return LegacyReply.Queued(
                $"Task: Get the size of image [{SourceUri.Parse(path).Redacted}] has been put into queue", batch.Id.ToString());
        }
        catch (RefusedException refusal) when (refusal.Status != StatusCodes.Status429TooManyRequests)
        {
            return LegacyReply.Error(400, refusal.Message);
        }
    }

    private static async Task<IResult> ResizeAsync(
        HttpRequest request,
        SourceReader sources,
        BatchSubmitter submitter,
        CancellationToken cancellationToken)
    {
        if (StringValues.IsNullOrEmpty(request.Query["imagePath"]))
        {
            return LegacyReply.Error(400, NoPath);
        }

        try
        {
            LegacyParameters.RefuseMistakes(request);
            var path = QueryParameters.Find(request, "imagePath")!;
            var actions = ActionsOf(request);
            var (source, kind) = await FindSourceAsync(path, sources, cancellationToken);
            if (sources.GetSource(source).IsThumbnail(source))
            {
                throw new RefusedException(ErrorCode.SourceNotAllowed, "Images in resized/ are thumbnails. Use their source instead.");
            }

            return kind switch
            {
                SourceKind.File => await SubmitFileAsync(path, new Job(source, actions), submitter, cancellationToken),
                SourceKind.Folder => FolderReply(
                    await submitter.SubmitFolderAsync(sources.GetFolderSource(source), source, actions, cancellationToken),
                    sources.GetFolderSource(source).PlaceThumbnails(source)),
                _ => LegacyReply.NotResized(400, "Image file does not exist"),
            };
        }
        catch (RefusedException refusal) when (refusal.Status != StatusCodes.Status429TooManyRequests)
        {
            return LegacyReply.NotResized(refusal.Code == ErrorCode.SourceTooLarge ? 413 : 400, refusal.Message);
        }
    }

    private static async Task<IResult> SubmitFileAsync(string path, Job job, BatchSubmitter submitter, CancellationToken cancellationToken)
    {
        var batch = await submitter.SubmitAsync(job, cancellationToken);

        return LegacyReply.Queued($"Task: Resize image [{SourceUri.Parse(path).Redacted}] has been put into queue", batch.Id.ToString());
    }

    private static IResult FolderReply((Batch Batch, int? Images) submitted, SourceUri thumbnails)
    {
        var count = submitted.Images?.ToString() ?? $"more than {BatchSubmitter.MaxDirectJobs}";

        return LegacyReply.FolderQueued(
            $"[{count}] image resizing tasks have been put into queue. Please directly go to [{thumbnails.Redacted}] to check the results.",
            submitted.Batch.Id.ToString());
    }

    /// <summary>Checks the path and what it names before a job is queued. The worker checks again.</summary>
    private static async Task<(SourceUri Source, SourceKind Kind)> FindSourceAsync(
        string path,
        SourceReader sources,
        CancellationToken cancellationToken)
    {
        var source = sources.Normalize(path);

        return (source, await sources.FindKindAsync(source, cancellationToken));
    }

    private static JobActions ActionsOf(HttpRequest request)
    {
        if (!request.Query.ContainsKey("customizedSize"))
        {
            return Thumbnail(DefaultSide, "_resized");
        }

        var text = QueryParameters.Find(request, "customizedSize");
        var isSide = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= 1 and <= MaxSide;

        return isSide
            ? Thumbnail(side, $"_resizedTo{side}")
            : throw new RefusedException(ErrorCode.InvalidSource, $"customizedSize must be an integer from 1 to {MaxSide}.");
    }

    private static JobActions Thumbnail(int side, string suffix) =>
        new(Measure: false, [new ThumbnailAction(new ThumbnailSpec(side, side), suffix)]);
}
