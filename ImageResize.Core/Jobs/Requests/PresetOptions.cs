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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from preset in this
        from wrong in WrongValue.In(preset.Value)
        select new ValidationResult($"ImageResize__Presets__{preset.Key}__{wrong.Name}: {wrong.Message}");
}
