using System.ComponentModel.DataAnnotations;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>
/// Named thumbnails that callers can ask for: <c>ImageResize__Presets__card__Width=300</c>. The limits are those of requests.
/// </summary>
public sealed class PresetOptions : Dictionary<string, ThumbnailRequest>, IValidatableObject
{
    public PresetOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    /// <exception cref="RefusedException">The preset does not exist.</exception>
    public ThumbnailRequest Get(string name) =>
        TryGetValue(name, out var preset) ? preset : throw new RefusedException(ErrorCode.UnknownPreset, $"There is no preset '{name}'.");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from preset in this
        from invalid in InvalidValue.In(preset.Value)
        select new ValidationResult($"ImageResize__Presets__{preset.Key}__{InPascalCase(invalid.Name)}: {invalid.Message}");

    /// <summary>The case in which settings are documented. Any case is accepted.</summary>
    private static string InPascalCase(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
