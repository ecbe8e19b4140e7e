using System.Text.Json;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Callbacks;
using ImageResize.Core.Jobs.Requests;

namespace ImageResize.Functions.Http.Batches;

/// <summary>Reads what a batch says of itself, apart from its items.</summary>
internal sealed class BatchRequestReader(ActionReader actions, CallbackRules callbacks)
{
    public static async Task<BatchRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            throw new RefusedException(
                ErrorCode.UnsupportedMediaType,
                "A batch is application/json or application/x-ndjson.");
        }

        try
        {
            return Checked(await request.ReadFromJsonAsync<BatchRequest>(RequestJson.Options, cancellationToken) ?? throw Refused("The body is null."));
        }
        catch (JsonException unreadable)
        {
            throw Refused(RequestJson.Explain(unreadable, "The body"));
        }
    }

    /// <summary>Of a batch whose items are lines: <c>name</c>, <c>callback</c>, and a <c>preset</c> for items without actions.</summary>
    public static BatchRequest ReadQuery(HttpRequest request) => Checked(new BatchRequest(
        QueryText.Find(request, "name"),
        Items: [],
        Manifest: null,
        QueryText.Find(request, "preset") is { } preset ? [new ActionRequest(null, null, preset)] : null,
        QueryText.Find(request, "callback") is { } url ? new CallbackRequest(url) : null));

    /// <exception cref="RefusedException">The callback's address is none that we would call.</exception>
    public Batch With(Batch batch, string? name, string? callback) =>
        batch with { Name = name, Callback = callback is null ? null : callbacks.Check(callback) };

    public JobActions? ActionsOf(IReadOnlyList<ActionRequest>? asked) => asked is null ? null : actions.Read(asked);

    /// <exception cref="ValuesRefusedException">Values are wrong: the batch's own, its callback's, its actions'.</exception>
    private static BatchRequest Checked(BatchRequest batch)
    {
        WrongValue[] wrong = [.. WrongValue.In(batch), .. WrongValue.In(batch.Callback, "callback"), .. WrongValue.InActions(batch.Actions)];

        return wrong.Length == 0 ? batch : throw new ValuesRefusedException(wrong);
    }

    private static RefusedException Refused(string message) =>
        new(ErrorCode.InvalidRequest, message);
}
