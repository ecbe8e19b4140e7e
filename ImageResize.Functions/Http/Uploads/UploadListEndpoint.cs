using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Proxies;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>Lists the caller's uploads.</summary>
internal static class UploadListEndpoint
{
    private const string Address = "/v1/images";

    public static IEndpointRouteBuilder MapUploadList(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Address, ReadMethods.All, ListAsync).WithMetadata(new KnownParameters("name", "after"));

        return routes;
    }

    private static async Task<Ok<UploadPageReply>> ListAsync(HttpRequest request, UploadList uploads, CancellationToken cancellationToken)
    {
        var name = QueryParameters.Find(request, "name");
        var after = QueryParameters.Find(request, "after") is { } id ? ParseAfter(id) : (UploadId?)null;
        var page = await uploads.ListAsync(
            CurrentCaller.Tag,
            upload => name is null || upload.Name?.Contains(name, StringComparison.OrdinalIgnoreCase) == true,
            after,
            cancellationToken);

        return TypedResults.Ok(new UploadPageReply(
            [.. page.Uploads.Select(UploadReply.Of)],
            page.Next is { } next ? NextLink(next, name) : null));
    }

    private static UploadId ParseAfter(string text) => UploadId.TryParse(text, out var id) && CurrentCaller.MayUse(id)
        ? id
        : throw new RefusedException(ErrorCode.InvalidRequest, "after must be the id of an image, as in nextLink.");

    private static string NextLink(UploadId next, string? name) =>
        PublicPath.Of($"{Address}?after={next}") + (name is null ? "" : $"&name={Uri.EscapeDataString(name)}");
}
