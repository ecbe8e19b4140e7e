using ImageResize.Core.Identifiers;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Redirects a request for an id of another region to that region. 307 keeps the method and the body. The redirect contains no key, because
/// the query parameter has been removed before: callers that follow it send their key as a header.
/// </summary>
internal sealed class RegionMiddleware(RequestDelegate next, IOptions<RegionOptions> regions)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (FindRegion(context) is not { } region || regions.Value.FindOther(region) is not { } other)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = AddressAt(other, context.Request);

        return Task.CompletedTask;
    }

    /// <summary>Reads the region from the route's id, or from the legacy endpoint's parameter.</summary>
    private static int? FindRegion(HttpContext context)
    {
        if (context.GetEndpoint() is null)
        {
            return null;
        }

        var text = context.GetRouteValue("id") as string ?? context.Request.Query["jobId"];

        // The id of an upload has the format of a batch's id.
        return JobId.TryParse(text, out var job) ? job.Batch.Region : null;
    }

    private static string AddressAt(Uri region, HttpRequest request) =>
        UriHelper.BuildAbsolute(region.Scheme, HostString.FromUriComponent(region), request.PathBase, request.Path, request.QueryString);
}
