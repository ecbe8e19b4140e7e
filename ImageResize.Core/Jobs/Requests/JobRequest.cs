using System.ComponentModel.DataAnnotations;
using ImageResize.Core.Sources.Names;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>The body of <c>POST /v1/jobs</c>.</summary>
/// <param name="Name">The caller's name for the image. What is not safe in it is replaced.</param>
public sealed record JobRequest(
    [property: Required, StringLength(4_096, MinimumLength = 1)] string Source,
    [property: Required, Length(1, JobRequest.MaxActions)] ActionList Actions,
    [property: StringLength(ImageName.MaxLength, MinimumLength = 1)] string? Name = null) : IValidatableObject
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
