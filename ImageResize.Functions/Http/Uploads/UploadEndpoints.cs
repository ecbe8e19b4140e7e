using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>Endpoints of uploaded images: upload one or several, read one's description, delete one.</summary>
internal static class UploadEndpoints
{
    /// <summary>The name of the file, if the body is the file.</summary>
    private const string NameParameter = "name";

    /// <summary>Whether the names of files are stored.</summary>
    private const string KeepParameter = "keepNames";

    public static IEndpointRouteBuilder MapUploads(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/images", AddAsync)
            .WithMetadata(new RequestSizeLimit(UploadOptions.MaxRequestBytes), new KnownParameters(NameParameter, KeepParameter));
        routes.MapUploadAddress();
        routes.MapUploadList();
        routes.MapMethods("/v1/images/{id}", ReadMethods.All, FindAsync);
        routes.MapDelete("/v1/images/{id}", DeleteAsync);

        return routes;
    }

    /// <summary>Stores all images of the request, or none.</summary>
    private static async Task<IResult> AddAsync(
        HttpRequest request,
        Uploader uploader,
        IOptions<UploadOptions> options,
        DailyBytes bytes,
        CancellationToken cancellationToken)
    {
        bytes.EnsureRoom(CurrentCaller.Name);
        var name = QueryParameters.Find(request, NameParameter);
        var keepsNames = QueryParameters.FindFlag(request, KeepParameter) ?? true;
        var uploads = new List<Upload>();
        try
        {
            await foreach (var image in UploadBody.ReadAsync(request, options.Value, cancellationToken))
            {
                var fileName = image is FormStream file ? file.FileName : name;
                uploads.Add(await StoreAsync(image, keepsNames ? fileName : null, uploader, cancellationToken));
            }
        }
        catch
        {
            await uploader.RemoveAsync(uploads);
            throw;
        }

        bytes.Add(CurrentCaller.Name, uploads.Sum(upload => upload.Bytes));

        return uploads.Select(UploadReply.Of).ToList() switch
        {
            [] => throw new RefusedException(ErrorCode.SourceEmpty, "The request contains no image."),
            [var one] => TypedResults.Created(UploadReply.AddressOf(uploads[0].Id), one),
            var several => TypedResults.Created(UploadReply.AddressOf(uploads[0].Id), several),
        };
    }

    private static async Task<Upload> StoreAsync(Stream image, string? name, Uploader uploader, CancellationToken cancellationToken)
    {
        try
        {
            return await uploader.AddAsync(image, name, cancellationToken);
        }
        catch (RefusedException refusal) when (refusal.Code != ErrorCode.InvalidRequest)
        {
            var part = image is FormStream file ? $"Part {file.Number} of the form: " : "";
            var message = refusal.Code == ErrorCode.NotAnImage ? "The upload is not an image, or its header is damaged." : refusal.Message;

            throw new RefusedException(refusal.Code, part + message, refusal) { RetryAfter = refusal.RetryAfter };
        }
    }

    private static async Task<Ok<UploadReply>> FindAsync(string id, UploadReader uploads, CancellationToken cancellationToken)
    {
        if (UploadId.TryParse(id, out var uploadId) && CurrentCaller.MayUse(uploadId))
        {
            if (uploads.IsExpired(uploadId))
            {
                throw new RefusedException(ErrorCode.UploadExpired, $"The image '{id}' has expired.");
            }

            if (await uploads.FindAsync(uploadId, cancellationToken) is { } upload)
            {
                return TypedResults.Ok(UploadReply.Of(upload));
            }
        }

        throw NotFound(id);
    }

    /// <summary>Deletes an image that may have been deleted, or have expired, before.</summary>
    private static async Task<NoContent> DeleteAsync(string id, UploadRemoval uploads, CancellationToken cancellationToken)
    {
        if (!UploadId.TryParse(id, out var uploadId) || !CurrentCaller.MayUse(uploadId))
        {
            throw NotFound(id);
        }

        await uploads.RemoveAsync(uploadId, cancellationToken);

        return TypedResults.NoContent();
    }

    private static RefusedException NotFound(string id) => new(ErrorCode.UploadNotFound, $"There is no image '{id}'.");
}
