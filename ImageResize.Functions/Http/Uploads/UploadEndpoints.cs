using ImageResize.Core.Imaging;
using ImageResize.Core.Sources;
using ImageResize.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>Uploaded images: take one or several in, tell of one.</summary>
internal static class UploadEndpoints
{
    public static IEndpointRouteBuilder MapUploads(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/images", AddAsync).WithMetadata(new RequestLimit(UploadOptions.MaxRequestBytes));
        routes.MapGet("/v1/images/{id}", FindAsync);

        return routes;
    }

    /// <summary>All images of the request, or none.</summary>
    private static async Task<IResult> AddAsync(
        HttpRequest request,
        Uploader uploader,
        IOptions<UploadOptions> options,
        CancellationToken cancellationToken)
    {
        var uploads = new List<Upload>();
        try
        {
            await foreach (var image in UploadBody.ReadAsync(request, options.Value, cancellationToken))
            {
                uploads.Add(await StoreAsync(image, uploader, cancellationToken));
            }
        }
        catch
        {
            await uploader.RemoveAsync(uploads);
            throw;
        }

        return uploads.Select(UploadReply.Of).ToList() switch
        {
            [] => throw new RequestRefusedException(400, SourceRefusal.Empty, "The request holds no image."),
            [var one] => TypedResults.Created(UploadReply.AddressOf(uploads[0].Id), one),
            var several => TypedResults.Created(UploadReply.AddressOf(uploads[0].Id), several),
        };
    }

    private static async Task<Upload> StoreAsync(Stream image, Uploader uploader, CancellationToken cancellationToken)
    {
        try
        {
            return await uploader.AddAsync(image, cancellationToken);
        }
        catch (SourceRefusedException refusal)
        {
            throw new RequestRefusedException(refusal.Code == SourceRefusal.TooLarge ? 413 : 400, refusal.Code, refusal.Message);
        }
        catch (ImageRefusedException refusal)
        {
            throw refusal.Code switch
            {
                RefusalCode.NotAnImage => new RequestRefusedException(415, refusal.Code, "The upload is no image, or its header is damaged."),
                RefusalCode.UnsupportedFormat => new RequestRefusedException(415, refusal.Code, refusal.Message),
                RefusalCode.TooLarge => new RequestRefusedException(413, refusal.Code, refusal.Message),
                _ => new RequestRefusedException(422, refusal.Code, refusal.Message),
            };
        }
    }

    private static async Task<Ok<UploadReply>> FindAsync(string id, UploadReader uploads, CancellationToken cancellationToken)
    {
        if (UploadId.TryParse(id, out var uploadId))
        {
            if (uploads.IsExpired(uploadId))
            {
                throw new RequestRefusedException(410, ProblemCode.UploadExpired, $"The image '{id}' has expired.");
            }

            if (await uploads.FindAsync(uploadId, cancellationToken) is { } upload)
            {
                return TypedResults.Ok(UploadReply.Of(upload));
            }
        }

        throw new RequestRefusedException(404, ProblemCode.UploadNotFound, $"There is no image '{id}'.");
    }
}
