using ImageResize.Functions.Access;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.OldProgram;
using ImageResize.Functions.Http.Operations;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Http.Uploads;
using Microsoft.Extensions.Options;
using ImageResize.Core.Storage.Outages;

namespace ImageResize.Functions.Http;

/// <summary>The middleware and endpoints of the API: the same standalone and inside the functions of the Functions host.</summary>
internal static class HttpPipeline
{
    public static void Use(IApplicationBuilder app, Role role, bool isStandalone)
    {
        var limits = app.ApplicationServices.GetRequiredService<IOptions<LimitOptions>>().Value;
        _ = app.ApplicationServices.GetRequiredService<MetricTotals>(); // counts from here on
        app.UseRouting();
        app.Use(AnswerHeaders.AddAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = failure => FailureHandler.IsKnown(failure.Exception) });
        app.Use(async (context, next) =>
        {
            // Errors are problem+json, also for a caller that accepts only images or HTML.
            context.Request.Headers.Accept = default;
            CallerWait.Begin();
            await next(context);
        });
        if (isStandalone)
        {
            // Before the keys: a browser sends its preflight request without one.
            app.UseCors();
            app.UseMiddleware<KeyMiddleware>();
            app.UseRateLimiter();
        }

        app.Use((context, next) => SteadyBody.KeepAsync(context, next, TimeSpan.FromSeconds(limits.AnswerSeconds)));
        app.Use(KeyParameter.RemoveAsync);
        app.Use(JsonCharset.CheckAsync);
        app.UseMiddleware<RegionMiddleware>();
        app.UseMiddleware<IdempotencyMiddleware>();
        app.UseStatusCodePages();
        app.UseEndpoints(endpoints => Map(endpoints, role));
    }

    public static void Map(IEndpointRouteBuilder endpoints, Role role)
    {
        endpoints.MapRoot();
        endpoints.MapHealth();
        endpoints.MapMetrics();
        if (role is Role.Worker)
        {
            return;
        }

        endpoints.MapImageApi();
        endpoints.MapResult();
        endpoints.MapJobs();
        endpoints.MapBatchSubmit();
        endpoints.MapBatches();
        endpoints.MapBatchEvents();
        endpoints.MapBatchZip();
        endpoints.MapUploads();
    }
}
