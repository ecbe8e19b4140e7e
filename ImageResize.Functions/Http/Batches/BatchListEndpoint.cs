using ImageResize.Core.Batches;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Proxies;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Batches;

/// <summary>Lists the caller's batches.</summary>
internal static class BatchListEndpoint
{
    private const string Address = "/v1/batches";

    public static IEndpointRouteBuilder MapBatchList(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Address, ReadMethods.All, ListAsync).WithMetadata(new KnownParameters("state", "name", "after"));

        return routes;
    }

    private static async Task<Ok<BatchPageReply>> ListAsync(
        HttpRequest request, BatchList batches, TimeProvider clock, CancellationToken cancellationToken)
    {
        var state = QueryParameters.Find(request, "state") is { } word ? StateOf(word) : (BatchState?)null;
        var name = QueryParameters.Find(request, "name");
        var after = QueryParameters.Find(request, "after") is { } id ? ParseAfter(id) : (BatchId?)null;
        var page = await batches.ListAsync(
            CurrentCaller.Tag,
            batch => (state is null || batch.State == state)
                && (name is null || batch.Batch.Name?.Contains(name, StringComparison.OrdinalIgnoreCase) == true),
            after,
            cancellationToken);

        return TypedResults.Ok(new BatchPageReply(
            [.. page.Batches.Select(batch => BatchReply.Of(batch, callback: null, clock.GetUtcNow()) with { Callback = null })],
            page.Next is { } next ? NextLink(next, state, name) : null));
    }

    private static BatchState StateOf(string text) => text.ToLowerInvariant() switch
    {
        "queued" => BatchState.Queued,
        "running" => BatchState.Running,
        "completed" => BatchState.Completed,
        "canceled" => BatchState.Canceled,
        _ => throw new RefusedException(ErrorCode.InvalidRequest, "state must be queued, running, completed or canceled."),
    };

    private static BatchId ParseAfter(string text) => BatchId.TryParse(text, out var id) && CurrentCaller.MayUse(id)
        ? id
        : throw new RefusedException(ErrorCode.InvalidRequest, "after must be the id of a batch, as in nextLink.");

    private static string NextLink(BatchId next, BatchState? state, string? name) =>
        PublicPath.Of($"{Address}?after={next}")
        + (state is null ? "" : $"&state={state.Value.ToString().ToLowerInvariant()}")
        + (name is null ? "" : $"&name={Uri.EscapeDataString(name)}");
}
