using System.ComponentModel.DataAnnotations;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>
/// One action as a caller asks for it: <c>{ "measure": {} }</c>, <c>{ "thumbnail": { ... } }</c> or <c>{ "preset": "name" }</c>. A new
/// action gets a property here.
/// </summary>
public sealed record ActionRequest(MeasureRequest? Measure, ThumbnailRequest? Thumbnail, string? Preset) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        object?[] wanted = [Measure, Thumbnail, Preset];
        if (wanted.Count(action => action is not null) != 1)
        {
            yield return new ValidationResult("An action must be one of measure, thumbnail and preset.", [nameof(Thumbnail)]);
        }
    }

    /// <exception cref="Errors.RefusedException">The preset does not exist.</exception>
    internal JobAction ToAction(PresetOptions presets) =>
        Measure is not null ? new MeasureAction() : (Thumbnail ?? presets.Get(Preset!)).ToAction();
}

public sealed record MeasureRequest;
