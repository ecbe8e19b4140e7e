using ImageResize.Core.Storage.Resilience;
using ImageResize.Functions.Http.Addresses;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.Direct;
using ImageResize.Functions.Http.Docs;
using ImageResize.Functions.Http.Jobs;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Legacy;
using ImageResize.Functions.Http.Middleware;
using ImageResize.Functions.Http.Operations;
using ImageResize.Functions.Http.Page;
using ImageResize.Functions.Http.Problems;
using ImageResize.Functions.Http.Proxies;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Http.Uploads;
using ImageResize.Functions.Http.Watches;
using ImageResize.Functions.Telemetry;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http;

/// <summary>The middleware and endpoints of the API: the same standalone and inside the functions of a Functions host.</summary>
internal static class HttpPipeline
{
    /// <param name="addAccessControl">Adds the middleware that identifies callers, and standalone checks their keys and limits.</param>
    /// <param name="hasApi">False for an instance that only processes queues: it serves a sentence, health and metrics.</param>
    /// <param name="mapOwn">Maps endpoints that only this host has.</param>
    public static void Use(
        IApplicationBuilder app,
        Action<IApplicationBuilder> addAccessControl,
        bool hasApi = true,
        Action<IEndpointRouteBuilder>? mapOwn = null)
    {
        UsePathPrefix(app);
        app.UseRouting();
        app.Use(RequestSpan.DescribeAsync);
        app.Use(SecurityHeaders.AddAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = failure => ProblemExceptionHandler.IsExpected(failure.Exception),
        });
        app.UseMiddleware<PublicPath>();
        app.Use(BeginRequestAsync);
        addAccessControl(app);
        app.Use(CallerNames.SetAsync);
        app.UseMiddleware<AuditLog>();
        app.UseMiddleware<QuotaHeaders>();
        app.UseMiddleware<MinimumDataRateMiddleware>();
        app.Use(RequestKey.RemoveParameterAsync);
        app.Use(JsonCharset.NormalizeAsync);
        app.UseMiddleware<RegionMiddleware>();
        app.Use(UnknownParameters.RefuseAsync);
        app.UseMiddleware<IdempotencyMiddleware>();
        app.UseStatusCodePages();
        app.UseEndpoints(endpoints =>
        {
            mapOwn?.Invoke(endpoints);
            Map(endpoints, hasApi);
        });
    }

    /// <summary>Removes the prefix from paths, if the proxy has not.</summary>
    private static void UsePathPrefix(IApplicationBuilder app)
    {
        var prefix = app.ApplicationServices.GetRequiredService<IOptions<ProxyOptions>>().Value.PathPrefix;
        if (prefix.Length > 0)
        {
            app.UsePathBase(prefix);
        }
    }

    private static Task BeginRequestAsync(HttpContext context, RequestDelegate next)
    {
        // Errors are problem+json, also for a caller that accepts only images or HTML.
        context.Features.Set(new AcceptedTypes(context.Request.Headers.Accept));
        context.Request.Headers.Accept = default;
        CallerDeadline.Begin();

        return next(context);
    }

    private static void Map(IEndpointRouteBuilder endpoints, bool hasApi)
    {
        endpoints.MapHome(hasPage: hasApi);
        endpoints.MapHealth();
        endpoints.MapHistory();
        if (!hasApi)
        {
            return;
        }

        endpoints.MapImageApi();
        endpoints.MapResult();
        endpoints.MapJobs();
        endpoints.MapJobDelete();
        endpoints.MapBatchSubmit();
        endpoints.MapBatchList();
        endpoints.MapBatches();
        endpoints.MapBatchDelete();
        endpoints.MapBatchRetry();
        endpoints.MapBatchEvents();
        endpoints.MapBatchZip();
        endpoints.MapUploads();
        endpoints.MapDirect();
        endpoints.MapAddresses();
        endpoints.MapWatches();
        endpoints.MapDocs();
        endpoints.MapPageFiles();
    }
}
