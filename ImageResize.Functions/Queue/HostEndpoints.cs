using System.Text.Json;
using ImageResize.Core.Storage.Outages;

namespace ImageResize.Functions.Queue;

/// <summary>
/// Where the Functions host posts queue messages and timer ticks: the names of the function folders. Mapped under the host alone,
/// so that nobody can post to them standalone. Success must be 2xx with a JSON object: the host waits for ever on an empty answer.
/// </summary>
internal static class HostEndpoints
{
    public static IEndpointRouteBuilder MapHost(this IEndpointRouteBuilder routes)
    {
        var work = routes.MapGroup("").AddEndpointFilter(TakeTimeAsync);
        work.MapPost("/ProcessWork", ProcessAsync);
        work.MapPost("/ProcessBulk", ProcessAsync);
        work.MapPost("/FailPoisoned", GiveUpAsync);
        work.MapPost("/FailPoisonedBulk", GiveUpAsync);
        work.MapPost("/DropExpired", DropExpiredAsync);

        return routes;
    }

    /// <summary>The host waits for minutes, no caller does.</summary>
    private static async ValueTask<object?> TakeTimeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        CallerWait.End();

        return await next(context);
    }

    private static async Task<IResult> ProcessAsync(JsonElement message, PatientProcessor processor, CancellationToken cancellationToken)
    {
        var envelope = HostEnvelope.Of(message);
        await processor.ProcessAsync(envelope.Body, envelope.Delivery, cancellationToken);

        return Done();
    }

    private static async Task<IResult> GiveUpAsync(JsonElement message, PatientProcessor processor, CancellationToken cancellationToken)
    {
        await processor.GiveUpAsync(HostEnvelope.Of(message).Body, cancellationToken);

        return Done();
    }

    private static async Task<IResult> DropExpiredAsync(HourlyWork work, CancellationToken cancellationToken)
    {
        await work.DoAsync(cancellationToken);

        return Done();
    }

    private static IResult Done() => Results.Text("{}", "application/json");
}
