using System.ComponentModel.DataAnnotations;
using ImageResize.Core.Jobs.Requests;

namespace ImageResize.Functions.Http.Batches;

/// <summary>The JSON body of <c>POST /v1/batches</c>. Items are read one by one, so that each error names its item.</summary>
/// <param name="Manifest">A blob with one item per line. Replaces <paramref name="Items"/>.</param>
/// <param name="Actions">The actions of items without their own.</param>
public sealed record BatchRequest(
    [property: StringLength(200)]
    [property: RegularExpression(@"[^\p{Cc}]*", ErrorMessage = "name must not contain control characters.")]
    string? Name,
    ItemList? Items,
    [property: StringLength(1_100)] string? Manifest,
    [property: Length(1, JobRequest.MaxActions)] ActionList? Actions,
    CallbackRequest? Callback) : IValidatableObject
{
    public const int MaxItems = 10_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Items is null == Manifest is null)
        {
            yield return new ValidationResult("Give either items or a manifest.", [nameof(Items)]);
        }

        if (Actions?.Contains(null!) == true)
        {
            yield return new ValidationResult("An action must not be null.", [nameof(Actions)]);
        }
    }
}

/// <param name="Url">The address that is called when the batch has ended.</param>
public sealed record CallbackRequest([property: Required, StringLength(2_048)] string Url);
