using System.Net.Mime;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Problems;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>Gives callers an address of storage for an image that is too large for the Functions host, or for a fast upload.</summary>
internal static class UploadAddressEndpoint
{
    /// <summary>More than the longest name of a file, written with escapes.</summary>
    private const long MaxRequestBytes = 16_384;

    public static IEndpointRouteBuilder MapUploadAddress(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/uploads", CreateAsync)
            .WithMetadata(new RequestSizeLimit(MaxRequestBytes) { IsUpload = true })
            .Accepts<UploadAddressRequest>(isOptional: true, MediaTypeNames.Application.Json);

        return routes;
    }

    private static async Task<Created<UploadAddressReply>> CreateAsync(
        HttpRequest http, UploadAddresses addresses, CancellationToken cancellationToken)
    {
        var request = await ReadAsync(http, cancellationToken);
        var (id, address, expiresAt) = await addresses.CreateAsync(request.Name, request.Bytes, cancellationToken);

        return TypedResults.Created(UploadReply.AddressOf(id), UploadAddressReply.Of(id, address, expiresAt, addresses.MaxBytes));
    }

    private static async Task<UploadAddressRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        await using var body = await ReceivedBody.ReceiveAsync(request, cancellationToken);
        if (body.Length == 0)
        {
            return new UploadAddressRequest();
        }

        if (!request.HasJsonContentType())
        {
            throw new RefusedException(
                ErrorCode.UnsupportedMediaType,
                "The body must be JSON with the name and bytes of the file. Send the file itself to the address in the answer.");
        }

        var read = await JsonBody.ReadAsync<UploadAddressRequest>(request, body, cancellationToken) ?? new UploadAddressRequest();
        InvalidValue[] invalid = [.. InvalidValue.In(read)];

        return invalid.Length == 0 ? read : throw new InvalidValuesException(invalid);
    }
}
