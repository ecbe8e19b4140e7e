namespace ImageResize.Functions.Http.Operations;

/// <summary>The root: what the Functions host asks to see whether we are there, and who opens our address in a browser.</summary>
internal static class RootEndpoint
{
    public static IEndpointRouteBuilder MapRoot(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], () => Results.Text("ImageResize is here. Images are asked for at /imageapi and /v1.\n"))
            .AllowAnonymous();

        return routes;
    }
}
