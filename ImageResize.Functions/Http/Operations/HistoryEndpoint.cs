using ImageResize.Core.Errors;
using ImageResize.Core.Statistics;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Operations;

/// <summary>
/// The last hours of all instances, for the operator. The key is checked here, because the Functions host would require its master key
/// instead of the admin key.
/// </summary>
internal static class HistoryEndpoint
{
    private const int MaxHours = 24;
    private const int DefaultHours = 3;

    public static IEndpointRouteBuilder MapHistory(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/health/history", ReadMethods.All, ReadAsync).AllowAnonymous().WithMetadata(new KnownParameters("hours"));

        return routes;
    }

    private static async Task<Ok<HistoryReply>> ReadAsync(
        HttpContext context, StatisticsHistory statistics, StatisticsRecorder recorder, CancellationToken cancellationToken)
    {
        if (!context.User.IsInRole(Caller.Admin))
        {
            throw new RefusedException(ErrorCode.Unauthorized, $"The admin key is required. Send it in the header {RequestKey.Header}.");
        }

        var hours = QueryParameters.FindNumber(context.Request, "hours", MaxHours) ?? DefaultHours;
        if (hours == 0)
        {
            throw new RefusedException(ErrorCode.InvalidRequest, $"hours must be an integer from 1 to {MaxHours}.");
        }

        var history = await statistics.ReadAsync(hours, cancellationToken);
        context.Response.Headers.CacheControl = "no-store";

        return TypedResults.Ok(HistoryReply.Of(history, recorder.Instance));
    }
}
