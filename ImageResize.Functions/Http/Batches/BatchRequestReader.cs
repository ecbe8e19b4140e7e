using ImageResize.Core.Batches;
using ImageResize.Core.Callbacks;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Functions.Http.Problems;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Batches;

/// <summary>Reads a batch request apart from its items: name, actions and callback.</summary>
internal sealed class BatchRequestReader(ActionReader actions, CallbackAddressRules callbacks)
{
    /// <param name="received">The body, from its start.</param>
    public static async Task<BatchRequest> ReadAsync(HttpRequest request, Stream received, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            throw new RefusedException(
                ErrorCode.UnsupportedMediaType,
                "The body must be application/json or application/x-ndjson.");
        }

        if (request.Query.Count > 0)
        {
            throw Refused($"{request.Query.Keys.First()} is a parameter of batches with lines. With JSON, it belongs in the body.");
        }

        var batch = await JsonBody.ReadAsync<BatchRequest>(request, received, cancellationToken);

        return Validate(batch ?? throw Refused("The body must not be null."));
    }

    /// <summary>
    /// Reads the query of a batch with one item per line: <c>name</c>, <c>callback</c>, and <c>preset</c> for items without actions.
    /// </summary>
    public static BatchRequest ReadQuery(HttpRequest request) => Validate(new BatchRequest(
        QueryParameters.Find(request, "name"),
        Items: [],
        Manifest: null,
        QueryParameters.Find(request, "preset") is { } preset ? [new ActionRequest(null, null, preset)] : null,
        QueryParameters.Find(request, "callback") is { } url ? new CallbackRequest(url) : null));

    /// <exception cref="RefusedException">The callback's address is not allowed.</exception>
    public Batch With(Batch batch, string? name, string? callback) =>
        batch with { Name = name, Callback = callback is null ? null : callbacks.Normalize(callback) };

    public JobActions? ActionsOf(ActionList? requested) => requested is null ? null : actions.Read(requested);

    /// <exception cref="InvalidValuesException">Values of the batch, its callback or its actions are invalid.</exception>
    private static BatchRequest Validate(BatchRequest batch)
    {
        InvalidValue[] invalid =
        [
            .. InvalidValue.In(batch), .. InvalidValue.In(batch.Callback, "callback"), .. InvalidValue.InActions(batch.Actions),
        ];

        return invalid.Length == 0 ? batch : throw new InvalidValuesException(invalid);
    }

    private static RefusedException Refused(string message) => new(ErrorCode.InvalidRequest, message);
}
