using System.ComponentModel.DataAnnotations;
using System.Text.Json;
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
            throw new RequestRefusedException(
                StatusCodes.Status415UnsupportedMediaType,
                ProblemCode.Of(StatusCodes.Status415UnsupportedMediaType),
                "A batch is application/json or application/x-ndjson.");
        }

        try
        {
            return Checked(await request.ReadFromJsonAsync<BatchRequest>(RequestJson.Options, cancellationToken) ?? throw Refused("The body is null."));
        }
        catch (JsonException unreadable)
        {
            throw Refused($"The body cannot be read at {unreadable.Path ?? "$"}: an unknown name, or a value of another type.");
        }
    }

    /// <summary>Of a batch whose items are lines: <c>name</c>, <c>callback</c>, and a <c>preset</c> for items without actions.</summary>
    public static BatchRequest ReadQuery(HttpRequest request) => Checked(new BatchRequest(
        QueryText.Find(request, "name"),
        Items: [],
        Manifest: null,
        QueryText.Find(request, "preset") is { } preset ? [new ActionRequest(null, null, preset)] : null,
        QueryText.Find(request, "callback") is { } url ? new CallbackRequest(url) : null));

    /// <exception cref="CallbackRefusedException">The callback's address is none that we would call.</exception>
    public Batch With(Batch batch, string? name, string? callback) =>
        batch with { Name = name, Callback = callback is null ? null : callbacks.Check(callback) };

    public JobActions? ActionsOf(IReadOnlyList<ActionRequest>? asked)
    {
        if (asked is null)
        {
            return null;
        }

        foreach (var action in asked)
        {
            Check(action, new ValidationContext(action));
            if (action.Thumbnail is { } thumbnail)
            {
                Check(thumbnail, new ValidationContext(thumbnail));
            }
        }

        return actions.Read(asked);
    }

    private static BatchRequest Checked(BatchRequest batch)
    {
        Check(batch, new ValidationContext(batch));

        return batch;
    }

    private static void Check(object value, ValidationContext context)
    {
        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(value, context, wrong, validateAllProperties: true))
        {
            throw Refused(string.Join(' ', wrong.Select(result => result.ErrorMessage)));
        }
    }

    private static RequestRefusedException Refused(string message) =>
        new(StatusCodes.Status400BadRequest, ProblemCode.InvalidRequest, message);
}
