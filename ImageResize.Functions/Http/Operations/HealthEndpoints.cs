using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Functions.Http.Operations;

/// <summary>
/// Endpoints for a platform's probes. Live: the process works, even if storage does not. Ready: jobs can be processed. Both are public, so
/// the response is one word. Which part fails and why is logged, and shown to callers with the admin key.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/health/live", Methods, () => Reply(StatusCodes.Status200OK, "live")).AllowAnonymous();
        routes.MapMethods("/health/ready", Methods, ReadyAsync).AllowAnonymous();

        return routes;
    }

    private static async Task<JsonHttpResult<HealthReply>> ReadyAsync(Readiness readiness, GuardedThumbnailer engine, HttpContext context)
    {
        var report = await readiness.GetAsync();
        context.Response.Headers.CacheControl = "no-store";
        var (code, status) = report.Status != HealthStatus.Unhealthy
            ? (StatusCodes.Status200OK, "ready")
            : (StatusCodes.Status503ServiceUnavailable, "not ready");
        if (!context.User.IsInRole(Caller.Admin))
        {
            return Reply(code, status);
        }

        var age = readiness.Age;
        var parts = report.Entries.ToDictionary(part => part.Key, part => PartReply.Of(part.Value, age));

        return TypedResults.Json(new HealthReply(status, parts, EngineReply.Of(engine.GetState())), statusCode: code);
    }

    private static JsonHttpResult<HealthReply> Reply(int code, string status) =>
        TypedResults.Json(new HealthReply(status), statusCode: code);
}
