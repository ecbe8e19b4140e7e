using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Page;

/// <summary>The scripts and styles of the web page. They need no key: they contain nothing of a caller.</summary>
internal static class PageEndpoints
{
    public static IEndpointRouteBuilder MapPageFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/page/{version}/{**name}", ReadMethods.All, Find)
            .AllowAnonymous().ExcludeFromDescription().WithMetadata(new LargeResponse());

        return routes;
    }

    private static IResult Find(string version, string name, HttpContext context)
    {
        var files = PageFiles.All;
        var file = files.Find(name) ?? throw new RefusedException(ErrorCode.NotFound, "The page has no such file.");

        // An address of another version is in a page that an older or newer instance has sent. Browsers must not cache this file under it.
        return file.Reply(context, isImmutable: version == files.Version);
    }
}
