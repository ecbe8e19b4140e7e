using System.ComponentModel.DataAnnotations;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>What <c>POST /v1/jobs</c> takes.</summary>
public sealed record JobRequest(
    [Required, StringLength(4_096, MinimumLength = 1)] string Source,
    [Required, Length(1, JobRequest.MaxActions)] IReadOnlyList<ActionRequest> Actions) : IValidatableObject
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

/// <summary>One of: <c>{ "measure": {} }</c>, <c>{ "thumbnail": { ... } }</c>, <c>{ "preset": "name" }</c>.</summary>
public sealed record ActionRequest(MeasureRequest? Measure, ThumbnailRequest? Thumbnail, string? Preset) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        object?[] asked = [Measure, Thumbnail, Preset];
        if (asked.Count(what => what is not null) != 1)
        {
            yield return new ValidationResult("An action is one of measure, thumbnail and preset.", [nameof(Thumbnail)]);
        }
    }
}

public sealed record MeasureRequest;

/// <summary>A thumbnail as a caller asks for it, or as a setting names it (<c>ImageResize__Presets__NAME__Width</c>).</summary>
public sealed record ThumbnailRequest : ThumbnailParameters, IValidatableObject
{
    public const int MaxSide = 4_096;

    /// <summary>In pixels; left out, the height alone decides.</summary>
    [Range(1, MaxSide)]
    public int? Width { get; init; }

    /// <summary>In pixels; left out, the width alone decides.</summary>
    [Range(1, MaxSide)]
    public int? Height { get; init; }

    public OutputFormat Format { get; init; }

    /// <summary>What is kept; everything else is stripped.</summary>
    public IReadOnlyList<MetadataKind> Metadata { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Width is null && Height is null)
        {
            yield return new ValidationResult("A thumbnail needs a width, a height or both.", [nameof(Width)]);
        }

        if ((Width is null || Height is null) && Fit != Fit.Inside)
        {
            yield return new ValidationResult("The fits cover and fill need both width and height.", [nameof(Fit)]);
        }
    }

    internal ThumbnailSpec ToSpec() => new(this, Width ?? MaxSide, Height ?? MaxSide)
    {
        Format = Format.Value,
        Keep = Metadata.Aggregate(KeptMetadata.None, (kept, kind) => kept | kind switch
        {
            MetadataKind.Copyright => KeptMetadata.Copyright,
            MetadataKind.ColourProfile => KeptMetadata.ColourProfile,
            _ => throw new ArgumentOutOfRangeException(nameof(Metadata)),
        }),
    };
}

public enum MetadataKind
{
    Copyright,
    ColourProfile,
}
