using System.Security.Cryptography;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Scalar.AspNetCore;

namespace ImageResize.Functions.Http.Docs;

/// <summary>
/// The OpenAPI document, which the build embeds, and a page that shows it. The page's script is that of Scalar. Nothing is read before the
/// first request.
/// </summary>
internal static class DocsEndpoints
{
    private const int NonceBytes = 16;

    private static readonly EmbeddedFile Json = new(typeof(DocsEndpoints).Assembly, "openapi.json", "application/json");
    private static readonly EmbeddedFile Yaml = new(typeof(DocsEndpoints).Assembly, "openapi.yaml", "application/yaml");
    private static readonly EmbeddedFile Page = new(typeof(DocsEndpoints).Assembly, "docs.html", "text/html; charset=utf-8");
    private static readonly EmbeddedFile Start = new(typeof(DocsEndpoints).Assembly, "docs.js", "text/javascript; charset=utf-8");

    /// <summary>Created at the first request, because it loads Scalar's assembly.</summary>
    private static readonly Lazy<EmbeddedFile> Scalar =
        new(() => new EmbeddedFile(typeof(ScalarOptions).Assembly, "ScalarStaticAssets.scalar.js", "text/javascript; charset=utf-8")
        {
            IsCompressed = true,
        });

    public static IEndpointRouteBuilder MapDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/openapi.json", ReadMethods.All, (HttpContext context) => Json.Reply(context))
            .AllowAnonymous().WithMetadata(new LargeResponse());
        routes.MapMethods("/openapi.yaml", ReadMethods.All, (HttpContext context) => Yaml.Reply(context))
            .AllowAnonymous().WithMetadata(new LargeResponse());
        routes.MapMethods("/docs", ReadMethods.All, SendPageAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/docs/start.js", ReadMethods.All, (HttpContext context) => Start.Reply(context))
            .AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/docs/scalar.js", ReadMethods.All, (HttpContext context) => Scalar.Value.Reply(context))
            .AllowAnonymous().ExcludeFromDescription().WithMetadata(new LargeResponse());

        return routes;
    }

    /// <summary>Scripts are loaded from this service only. The styles that Scalar adds have the nonce of the response.</summary>
    private static async Task SendPageAsync(HttpContext context)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self' data:; " +
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentType = Page.ContentType;
        await context.Response.WriteAsync((await Page.ReadTextAsync()).Replace("NONCE", nonce, StringComparison.Ordinal));
    }
}
