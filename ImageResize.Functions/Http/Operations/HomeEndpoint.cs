namespace ImageResize.Functions.Http.Operations;

/// <summary>The root address, for people who open it in a browser.</summary>
internal static class HomeEndpoint
{
    private const string Text = "ImageResize is running. Send requests to /imageapi or /v1. The API is described at /docs.\n";

    public static IEndpointRouteBuilder MapHome(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], () => Results.Text(Text)).AllowAnonymous();

        return routes;
    }
}
