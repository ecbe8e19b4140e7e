using ImageResize.Core.Sources.Uploads;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Page;

/// <summary>The root address: the web page for browsers, a sentence for others.</summary>
internal static class HomeEndpoint
{
    private const string Html = "text/html";

    private const string Text = "ImageResize is running. Send requests to /imageapi or /v1. The API is described at /docs.\n";

    public static IEndpointRouteBuilder MapHome(this IEndpointRouteBuilder routes, bool hasPage)
    {
        routes.MapMethods("/", ReadMethods.All, (HttpContext context) => hasPage ? Negotiate(context) : Results.Text(Text))
            .AllowAnonymous().WithMetadata(new LargeResponse());

        return routes;
    }

    private static IResult Negotiate(HttpContext context)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (context.Features.Get<AcceptedTypes>()?.Names(Html) != true)
        {
            return Results.Text(Text);
        }

        var storage = context.RequestServices.GetRequiredService<IPendingUploadStore>().Origin;

        return PageFiles.All.Home.Reply(context, policy: PageFiles.PolicyWith(storage));
    }
}
