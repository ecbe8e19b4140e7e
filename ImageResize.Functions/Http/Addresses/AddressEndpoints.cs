using System.Globalization;
using ImageResize.Core.Addresses;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Addresses;

/// <summary>
/// Addresses that are thumbnails, for pages and mails: <c>/t/SIGNATURE/OPTIONS/SOURCE</c>. They need no key, because the signature covers
/// the options and the source. Browsers and CDNs keep the responses.
/// </summary>
internal static class AddressEndpoints
{
    public static IEndpointRouteBuilder MapAddresses(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/t/{signature}/{options}/{**source}", ReadMethods.All, ReadAsync)
            .AllowAnonymous().WithMetadata(new LargeResponse());

        return routes;
    }

    private static async Task<Results<FileContentHttpResult, FileStreamHttpResult, StatusCodeHttpResult, RedirectHttpResult>> ReadAsync(
        string signature,
        string options,
        string? source,
        HttpContext context,
        AddressReader addresses,
        Variants variants,
        IOptions<AddressOptions> settings,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var address = addresses.Read(signature, options, source);
        var maxAge = MaxAgeOf(address, settings.Value, clock);
        if (address.Parameters.Canonical != options)
        {
            // One address for each thumbnail, so that caches keep one copy.
            context.Response.Headers.CacheControl = maxAge;

            return TypedResults.Redirect(context.Request.PathBase + address.Path, permanent: true, preserveMethod: true);
        }

        try
        {
            var accepted = context.Features.Get<AcceptedTypes>()?.FindFormat();
            var key = await addresses.GetKeyAsync(address, accepted, cancellationToken);
            var tag = new EntityTagHeaderValue($"\"{key.Name}\"");
            if (IsKnown(context.Request, tag))
            {
                SetCaching(context.Response, address, maxAge);
                context.Response.Headers.ETag = tag.ToString();

                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
            }

            var variant = await variants.GetAsync(key, address.Signer, cancellationToken);
            SetCaching(context.Response, address, maxAge);
            var type = variant.Format.GetContentType();

            return variant.Bytes is { } bytes
                ? TypedResults.Bytes(bytes, type, entityTag: tag)
                : TypedResults.Stream(await variants.OpenAsync(key, cancellationToken), type, entityTag: tag);
        }
        catch (RefusedException missing) when (missing.Code == ErrorCode.SourceNotFound)
        {
            throw new RefusedException(missing.Code, missing.Message, missing) { Status = StatusCodes.Status404NotFound };
        }
    }

    /// <summary>The tag is derived from the version and the options, so nothing has to be read to compare it.</summary>
    private static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false));

    private static void SetCaching(HttpResponse response, SignedAddress address, string maxAge)
    {
        response.Headers.CacheControl = maxAge;
        if (address.Parameters.IsAuto)
        {
            response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        }
    }

    /// <summary>Not longer than the address is valid.</summary>
    private static string MaxAgeOf(SignedAddress address, AddressOptions settings, TimeProvider clock)
    {
        var valid = (address.Parameters.ExpiresAt - clock.GetUtcNow())?.TotalSeconds ?? double.MaxValue;

        return string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)Math.Min(settings.MaxAgeSeconds, valid)}");
    }
}
