using ImageResize.Core.Validation;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.Direct;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Operations;
using ImageResize.Functions.Http.Problems;
using ImageResize.Functions.Http.Proxies;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http;

/// <summary>Registers what the HTTP pipeline needs.</summary>
internal static class HttpServices
{
    public static void AddHttp(this IServiceCollection services)
    {
        services.AddSettings<AccessOptions>("ImageResize");
        services.AddSettings<LimitOptions>("ImageResize:Limits");
        services.AddSettings<ProxyOptions>("ImageResize:Proxy");
        services.AddSingleton<KeyRing>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<BatchRequestReader>();
        services.AddSingleton<DirectBody>();
        services.ConfigureHttpJsonOptions(ApiJson.Configure);
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemCode.Add);
        services.AddExceptionHandler<ProblemExceptionHandler>();
    }
}
