using System.Text.Json;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Jobs;

namespace ImageResize.Functions.Queue;

/// <summary>
/// Where the Functions host posts queue messages and timer ticks: the names of the function folders. Mapped under the host alone,
/// so that nobody can post to them standalone. Success must be 2xx with a JSON object: the host waits for ever on an empty answer.
/// </summary>
internal static class HostEndpoints
{
    public static IEndpointRouteBuilder MapHost(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/ProcessWork", ProcessAsync);
        routes.MapPost("/ProcessBulk", ProcessAsync);
        routes.MapPost("/FailPoisoned", GiveUpAsync);
        routes.MapPost("/FailPoisonedBulk", GiveUpAsync);
        routes.MapPost("/DropExpired", DropExpiredAsync);

        return routes;
    }

    private static async Task<IResult> ProcessAsync(JsonElement message, WorkProcessor processor, CancellationToken cancellationToken)
    {
        var envelope = HostEnvelope.Of(message);
        await processor.ProcessAsync(envelope.Body, envelope.Delivery, cancellationToken);

        return Done();
    }

    private static async Task<IResult> GiveUpAsync(JsonElement message, WorkProcessor processor, CancellationToken cancellationToken)
    {
        await processor.GiveUpAsync(HostEnvelope.Of(message).Body, cancellationToken);

        return Done();
    }

    private static async Task<IResult> DropExpiredAsync(Retention retention, FirstAnswers answers, CancellationToken cancellationToken)
    {
        await retention.DropExpiredAsync(cancellationToken);
        await answers.RemoveOutdatedAsync(cancellationToken);

        return Done();
    }

    private static IResult Done() => Results.Text("{}", "application/json");
}
