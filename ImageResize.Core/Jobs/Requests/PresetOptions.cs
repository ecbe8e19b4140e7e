using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>
/// Thumbnails with names, for callers to ask for: <c>ImageResize__Presets__card__Width=300</c>. What a caller may not ask for is no preset
/// either.
/// </summary>
public sealed class PresetOptions : Dictionary<string, ThumbnailRequest>, IValidatableObject
{
    public PresetOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, preset) in this)
        {
            var wrong = new List<ValidationResult>();
            Validator.TryValidateObject(preset, new ValidationContext(preset), wrong, validateAllProperties: true);
            foreach (var result in wrong)
            {
                yield return new ValidationResult($"ImageResize__Presets__{name}__{result.MemberNames.First()}: {result.ErrorMessage}");
            }
        }
    }
}
