using System.Runtime.InteropServices;
using System.Text.Json;
using ImageResize.Core.Batches;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Memory;
using ImageResize.Core.Sources;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Batches;

/// <summary>Submits a batch: as JSON, as one line of JSON per item, or as a blob with such lines.</summary>
internal static class BatchSubmitEndpoint
{
    private const string Ndjson = "application/x-ndjson";
    private const int MaxLines = 100_000;

    /// <summary>A JSON body is in memory as a whole while it is parsed: 10,000 items of 1,600 bytes.</summary>
    private const long MaxJsonBytes = 16_777_216;

    /// <summary>The body's bytes are in the serializer's buffer, in each item and in its line.</summary>
    private const int MemoryFactor = 3;

    private const long MaxBytes = 104_857_600;
    private const string RetryAfterSeconds = "1";

    private static readonly TimeSpan MaxMemoryWait = TimeSpan.FromSeconds(5);

    public static IEndpointRouteBuilder MapBatchSubmit(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/batches", SubmitAsync)
            .WithMetadata(new RequestSizeLimit(MaxBytes), new KnownParameters("name", "preset", "callback"));

        return routes;
    }

    private static async Task<Accepted<BatchReply>> SubmitAsync(
        HttpRequest request,
        BatchSubmitter jobs,
        BatchImport submitter,
        BatchRequestReader reader,
        MemoryBudget memory,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var begun = jobs.NewBatch() with { IsListed = true };
        var batch = request.ContentType?.StartsWith(Ndjson, StringComparison.OrdinalIgnoreCase) == true
            ? await SubmitLinesAsync(request, begun, submitter, reader, cancellationToken)
            : await SubmitJsonAsync(request, begun, submitter, reader, memory, cancellationToken);

        request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        var status = new BatchStatus(batch, default, batch.Id.SubmittedAt);

        return TypedResults.Accepted(BatchReply.AddressOf(batch.Id), BatchReply.Of(status, callback: null, clock.GetUtcNow()));
    }

    private static async Task<Batch> SubmitJsonAsync(
        HttpRequest request,
        Batch batch,
        BatchImport submitter,
        BatchRequestReader reader,
        MemoryBudget memory,
        CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxJsonBytes;
        }

        await using var body = await ReceivedBody.ReceiveAsync(request, cancellationToken);
        using var reservation = await ReserveAsync(body.Length * MemoryFactor, memory, cancellationToken);
        var requested = await BatchRequestReader.ReadAsync(request, body, cancellationToken);
        var named = reader.With(batch, requested.Name, requested.Callback?.Url);
        var actions = reader.ActionsOf(requested.Actions);

        return requested.Manifest is { } manifest
            ? await submitter.SubmitManifestAsync(named, SourceUri.Parse(manifest), actions, cancellationToken)
            : await submitter.SubmitAsync(named, LinesOf(requested.Items!), actions, BatchRequest.MaxItems, cancellationToken);
    }

    /// <exception cref="RefusedException">There is no memory for another body.</exception>
    private static async Task<MemoryReservation> ReserveAsync(long bytes, MemoryBudget memory, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(MaxMemoryWait);
        try
        {
            return await memory.ReserveAsync(bytes, new MemoryTurn(CurrentCaller.Name ?? ""), timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(ErrorCode.Busy, "The service has no memory for this request at the moment. Try again later.");
        }
    }

    private static Task<Batch> SubmitLinesAsync(
        HttpRequest request,
        Batch batch,
        BatchImport submitter,
        BatchRequestReader reader,
        CancellationToken cancellationToken)
    {
        ContentEncoding.Refuse(request.Headers.ContentEncoding);
        var requested = BatchRequestReader.ReadQuery(request);
        var named = reader.With(batch, requested.Name, requested.Callback?.Url);
        var actions = reader.ActionsOf(requested.Actions);
        var lines = NdjsonReader.ReadAsync(request.Body, offset: 0, cancellationToken);

        return submitter.SubmitAsync(named, lines, actions, MaxLines, cancellationToken);
    }

    /// <summary>Each item as it was written, on one line. Line breaks in JSON are equivalent to spaces.</summary>
    private static IAsyncEnumerable<Line> LinesOf(ItemList items) =>
        items.Select(item => new Line(LineOf(item), End: 0, Number: 0)).ToAsyncEnumerable();

    private static ReadOnlyMemory<byte> LineOf(JsonElement item)
    {
        var line = JsonMarshal.GetRawUtf8Value(item).ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');

        return line;
    }
}
