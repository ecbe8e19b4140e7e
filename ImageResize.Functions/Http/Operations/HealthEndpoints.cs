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

    private static async Task<JsonHttpResult<HealthReply>> ReadyAsync(Readiness readiness, HttpContext context)
    {
        var report = await readiness.GetAsync();
        context.Response.Headers.CacheControl = "no-store";
        var parts = context.User.IsInRole(Caller.Admin)
            ? report.Entries.ToDictionary(part => part.Key, part => Describe(part.Value))
            : null;

        return report.Status != HealthStatus.Unhealthy
            ? Reply(StatusCodes.Status200OK, "ready", parts)
            : Reply(StatusCodes.Status503ServiceUnavailable, "not ready", parts);
    }

    private static string Describe(HealthReportEntry part) =>
        part.Status == HealthStatus.Healthy ? "works" : part.Description ?? "failed";

    private static JsonHttpResult<HealthReply> Reply(int code, string status, IReadOnlyDictionary<string, string>? parts = null) =>
        TypedResults.Json(new HealthReply(status, parts), statusCode: code);
}

/// <param name="Parts">The status of each dependency. Only for the operator.</param>
internal sealed record HealthReply(string Status, IReadOnlyDictionary<string, string>? Parts);
