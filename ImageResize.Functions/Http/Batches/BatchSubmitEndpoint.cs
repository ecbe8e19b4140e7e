using System.Runtime.InteropServices;
using System.Text.Json;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Core.Jobs.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Batches;

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

    private static Task<Batch> SubmitLinesAsync(
        HttpRequest request,
        Batch batch,
        BatchSubmitter submitter,
        BatchRequestReader reader,
        CancellationToken cancellationToken)
    {
        var asked = BatchRequestReader.ReadQuery(request);
        var named = reader.With(batch, asked.Name, asked.Callback?.Url);
        var actions = reader.ActionsOf(asked.Actions);
        var lines = Lines.ReadAsync(request.Body, offset: 0, cancellationToken).Select(line => line.Text);

        return submitter.SubmitAsync(named, lines, actions, MostLines, cancellationToken);
    }

    /// <summary>As they were written, on one line: between the values of an item a line's end means no more than a space.</summary>
    private static IAsyncEnumerable<ReadOnlyMemory<byte>> LinesOf(IReadOnlyList<JsonElement> items) =>
        items.Select(LineOf).ToAsyncEnumerable();

    private static ReadOnlyMemory<byte> LineOf(JsonElement item)
    {
        var line = JsonMarshal.GetRawUtf8Value(item).ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');

        return line;
    }
}
