using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Functions.Http;

/// <summary>
/// What a platform's probes ask. Live: the process works, whatever storage does; ending it would not help. Ready: work can be done.
/// Everybody may ask, so the answer is a word; which part fails and why is in the log.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/health/live", Methods, () => Reply(StatusCodes.Status200OK, "live"));
        routes.MapMethods("/health/ready", Methods, ReadyAsync);

        return routes;
    }

    private static async Task<JsonHttpResult<HealthReply>> ReadyAsync(Readiness readiness, HttpResponse response)
    {
        var report = await readiness.LookAsync();
        response.Headers.CacheControl = "no-store";

        return report.Status == HealthStatus.Healthy
            ? Reply(StatusCodes.Status200OK, "ready")
            : Reply(StatusCodes.Status503ServiceUnavailable, "not ready");
    }

    private static JsonHttpResult<HealthReply> Reply(int status, string word) => TypedResults.Json(new HealthReply(word), statusCode: status);
}

internal sealed record HealthReply(string Status);
