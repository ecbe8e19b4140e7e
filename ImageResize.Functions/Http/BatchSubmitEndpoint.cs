using System.Text.Json;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Core.Jobs.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http;

/// <summary>Submits a batch: as JSON, as a line of JSON an item, or as a blob of such lines.</summary>
internal static class BatchSubmitEndpoint
{
    private const string Ndjson = "application/x-ndjson";
    private const int MostLines = 100_000;
    private const long MostBytes = 104_857_600;
    private const string RetryAfterSeconds = "1";

    public static IEndpointRouteBuilder MapBatchSubmit(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/batches", SubmitAsync).WithMetadata(new RequestLimit(MostBytes));

        return routes;
    }

    private static async Task<Accepted<BatchReply>> SubmitAsync(
        HttpRequest request,
        JobSubmitter jobs,
        BatchSubmitter submitter,
        BatchRequestReader reader,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var batch = request.ContentType?.StartsWith(Ndjson, StringComparison.OrdinalIgnoreCase) == true
            ? await SubmitLinesAsync(request, jobs.NewBatch(), submitter, reader, cancellationToken)
            : await SubmitJsonAsync(request, jobs.NewBatch(), submitter, reader, cancellationToken);

        request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        var status = new BatchStatus(batch, default, batch.Id.SubmittedAt);

        return TypedResults.Accepted(BatchReply.AddressOf(batch.Id), BatchReply.Of(status, callback: null, clock.GetUtcNow()));
    }

    private static async Task<Batch> SubmitJsonAsync(
        HttpRequest request,
        Batch batch,
        BatchSubmitter submitter,
        BatchRequestReader reader,
        CancellationToken cancellationToken)
    {
        var asked = await BatchRequestReader.ReadAsync(request, cancellationToken);
        var named = reader.With(batch, asked.Name, asked.Callback?.Url);
        var actions = reader.ActionsOf(asked.Actions);

        return asked.Manifest is { } manifest
            ? await submitter.SubmitAsync(named, manifest, actions, cancellationToken)
            : await submitter.SubmitAsync(named, LinesOf(asked.Items!), actions, BatchRequest.MostItems, cancellationToken);
    }

    /// <summary>What is not an item is in the query: <c>name</c>, <c>callback</c>, and a <c>preset</c> for items without actions.</summary>
    private static Task<Batch> SubmitLinesAsync(
        HttpRequest request,
        Batch batch,
        BatchSubmitter submitter,
        BatchRequestReader reader,
        CancellationToken cancellationToken)
    {
        var named = reader.With(batch, request.Query["name"], request.Query["callback"]);
        var actions = request.Query["preset"] is [{ } preset] ? reader.ActionsOf([new ActionRequest(null, null, preset)]) : null;
        var lines = Lines.ReadAsync(request.Body, offset: 0, cancellationToken).Select(line => line.Text);

        return submitter.SubmitAsync(named, lines, actions, MostLines, cancellationToken);
    }

    private static IAsyncEnumerable<ReadOnlyMemory<byte>> LinesOf(IReadOnlyList<JsonElement> items) =>
        items.Select(item => (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(item)).ToAsyncEnumerable();
}
