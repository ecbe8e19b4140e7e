using Microsoft.Extensions.Primitives;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>Adds headers to every response: browsers must not guess its type, and shared caches must not store it.</summary>
internal static class SecurityHeaders
{
    public static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(
            static response =>
            {
                var headers = ((HttpResponse)response).Headers;
                headers.XContentTypeOptions = "nosniff";
                headers.CacheControl = StringValues.IsNullOrEmpty(headers.CacheControl) ? "no-store" : headers.CacheControl;

                return Task.CompletedTask;
            },
            context.Response);

        return next(context);
    }
}
