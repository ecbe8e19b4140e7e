using ImageResize.Functions.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageResize.Functions.Http.Operations;

/// <summary>
/// What a platform's probes ask. Live: the process works, whatever storage does; ending it would not help. Ready: work can be done.
/// Everybody may ask, so the answer is a word; which part fails and why is in the log, and told to who has the admin key.
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
        var report = await readiness.LookAsync();
        context.Response.Headers.CacheControl = "no-store";
        var parts = context.User.IsInRole(Caller.Admin) ? report.Entries.ToDictionary(part => part.Key, part => WordOf(part.Value)) : null;

        return report.Status == HealthStatus.Healthy
            ? Reply(StatusCodes.Status200OK, "ready", parts)
            : Reply(StatusCodes.Status503ServiceUnavailable, "not ready", parts);
    }

    private static string WordOf(HealthReportEntry part) =>
        part.Status == HealthStatus.Healthy ? "works" : part.Description ?? "failed";

    private static JsonHttpResult<HealthReply> Reply(int status, string word, IReadOnlyDictionary<string, string>? parts = null) =>
        TypedResults.Json(new HealthReply(word, parts), statusCode: status);
}

/// <param name="Parts">What the program needs, and how each does; for the operator alone.</param>
internal sealed record HealthReply(string Status, IReadOnlyDictionary<string, string>? Parts);
