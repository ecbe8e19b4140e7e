using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>The body of <c>POST /v1/jobs</c>.</summary>
public sealed record JobRequest(
    [property: Required, StringLength(4_096, MinimumLength = 1)] string Source,
    [property: Required, Length(1, JobRequest.MaxActions)] ActionList Actions) : IValidatableObject
{
    public const int MaxActions = 17;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Actions.Contains(null!))
        {
            yield return new ValidationResult("An action is null.", [nameof(Actions)]);
        }
    }
}
