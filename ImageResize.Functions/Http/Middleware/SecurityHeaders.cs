using Microsoft.Extensions.Primitives;

namespace ImageResize.Functions.Http;

/// <summary>What every answer says: it is what its type says it is, and it is the caller's alone.</summary>
internal static class AnswerHeaders
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
