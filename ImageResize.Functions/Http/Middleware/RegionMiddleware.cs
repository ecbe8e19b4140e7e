using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Requests;

/// <summary>
/// Sends who asks for an id of another region there: 307, so that the method and the body go along. A key in the query has been taken
/// out before, for an answer never holds one; callers who follow send theirs as a header.
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

    /// <summary>The id is a value of the route, or the old endpoint's parameter.</summary>
    private static int? FindRegion(HttpContext context)
    {
        if (context.GetEndpoint() is null)
        {
            return null;
        }

        var text = context.GetRouteValue("id") as string ?? context.Request.Query["jobId"];

        // An upload's id looks as a batch's does.
        return JobId.TryParse(text, out var job) ? job.Batch.Region : null;
    }

    private static string AddressAt(Uri region, HttpRequest request) =>
        UriHelper.BuildAbsolute(region.Scheme, HostString.FromUriComponent(region), request.PathBase, request.Path, request.QueryString);
}
