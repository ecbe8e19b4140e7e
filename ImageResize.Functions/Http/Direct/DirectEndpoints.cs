using System.Security.Cryptography;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs.Direct;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Direct;

/// <summary>Endpoints that answer with the thumbnail, or the size, itself. Nothing is queued or stored.</summary>
internal static class DirectEndpoints
{
    public static IEndpointRouteBuilder MapDirect(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/thumbnails", MakeAsync).WithMetadata(NewSizeLimit(), new LargeResponse(), KnownParameters.Any);
        routes.MapPost("/v1/measure", MeasureAsync).WithMetadata(NewSizeLimit());

        return routes;
    }

    private static RequestSizeLimit NewSizeLimit() => new(UploadOptions.MaxRequestBytes) { IsStored = false };

    private static async Task<FileContentHttpResult> MakeAsync(
        HttpRequest request,
        HttpResponse response,
        DirectRequestLimit requestLimit,
        DirectWork work,
        DirectBody bodies,
        IOptions<PresetOptions> presets,
        CancellationToken cancellationToken)
    {
        using var place = requestLimit.Enter(CurrentCaller.Name);
        await using var body = await bodies.ReceiveAsync(request, cancellationToken);
        var asked = DirectRequest.Read(request, body.Json, presets.Value);
        var source = bodies.Normalize(asked.Source);
        var spec = asked.Thumbnail.ToAction().Spec;
        if (asked.IsAuto)
        {
            response.Headers.Vary = HeaderNames.Accept;
            spec = spec with { Format = request.HttpContext.Features.Get<AcceptedTypes>()?.FindFormat() };
        }

        var result = await work.MakeThumbnailAsync(source, body.Image, spec, CurrentCaller.Name, cancellationToken);
        DirectHeaders.Set(response, result, source);
        var bytes = result.Thumbnail.Bytes;
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.Span))[..32]}\"";

        return TypedResults.Bytes(bytes, result.Thumbnail.Format.GetContentType(), entityTag: new EntityTagHeaderValue(tag));
    }

    private static async Task<Ok<ImageSize>> MeasureAsync(
        HttpRequest request, DirectRequestLimit requestLimit, DirectWork work, DirectBody bodies, CancellationToken cancellationToken)
    {
        using var place = requestLimit.Enter(CurrentCaller.Name);
        await using var body = await bodies.ReceiveAsync(request, cancellationToken);
        var source = bodies.Normalize(body.Json is null ? null : DirectRequest.ReadOnlySource(body.Json));

        return TypedResults.Ok(await work.MeasureAsync(source, body.Image, cancellationToken));
    }
}
