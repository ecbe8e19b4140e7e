using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>Disconnects a caller that stops reading a large response.</summary>
internal sealed class MinimumDataRateMiddleware(RequestDelegate next, IOptions<LimitOptions> limits)
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(limits.Value.AnswerSeconds);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LargeResponse>() is not null)
        {
            context.Response.Body = new MinimumDataRateStream(context.Response.Body, _timeout, context.Abort);
        }

        return next(context);
    }
}
