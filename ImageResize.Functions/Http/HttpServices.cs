using ImageResize.Core.Validation;
using ImageResize.Functions.Http.Batches;
using ImageResize.Functions.Http.Direct;
using ImageResize.Functions.Http.Identity;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Operations;
using ImageResize.Functions.Http.Problems;
using ImageResize.Functions.Http.Proxies;
using ImageResize.Functions.Http.Requests;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http;

/// <summary>Registers what the HTTP pipeline needs.</summary>
internal static class HttpServices
{
    public static void AddHttp(this IServiceCollection services)
    {
        services.AddSettings<AccessOptions>("ImageResize");
        services.AddSettings<LimitOptions>("ImageResize:Limits");
        services.AddSettings<ProxyOptions>("ImageResize:Proxy");
        services.AddSettings<IdentityOptions>("ImageResize:Identity");
        services.AddSingleton<KeyRing>();
        services.AddSingleton<EasyAuth>();
        services.AddSingleton(provider =>
            new AuthenticationChallenge(provider.GetRequiredService<IOptions<IdentityOptions>>().Value.AcceptsTokens));
        services.AddSingleton<Readiness>();
        services.AddSingleton<BatchRequestReader>();
        services.AddSingleton<DirectBody>();
        services.ConfigureHttpJsonOptions(ApiJson.Configure);
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemCode.Add);
        services.AddExceptionHandler<ProblemExceptionHandler>();
    }
}
