using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ImageResize.Core.Jobs.Requests;

namespace ImageResize.Functions.Http.Batches;

/// <summary>What <c>POST /v1/batches</c> takes as JSON. Items are read one by one, so that each can say what is wrong with it.</summary>
/// <param name="Manifest">A blob with an item a line, in the place of <paramref name="Items"/>.</param>
/// <param name="Actions">For items without their own.</param>
public sealed record BatchRequest(
    [property: StringLength(200), RegularExpression(@"[^\p{Cc}]*", ErrorMessage = "A name has no control characters.")] string? Name,
    IReadOnlyList<JsonElement>? Items,
    [property: StringLength(1_100)] string? Manifest,
    [property: Length(1, JobRequest.MaxActions)] IReadOnlyList<ActionRequest>? Actions,
    CallbackRequest? Callback) : IValidatableObject
{
    public const int MostItems = 10_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Items is null == Manifest is null)
        {
            yield return new ValidationResult("A batch has items or a manifest.", [nameof(Items)]);
        }

        if (Actions?.Contains(null!) == true)
        {
            yield return new ValidationResult("An action is null.", [nameof(Actions)]);
        }
    }
}

/// <param name="Url">Called once when the batch has ended.</param>
public sealed record CallbackRequest([property: Required, StringLength(2_048)] string Url);
