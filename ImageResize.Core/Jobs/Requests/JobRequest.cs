using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
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
public sealed record ThumbnailRequest : IValidatableObject
{
    public const int MaxSide = 4_096;

    /// <summary>In pixels; left out, the height alone decides.</summary>
    [Range(1, MaxSide)]
    public int? Width { get; init; }

    /// <summary>In pixels; left out, the width alone decides.</summary>
    [Range(1, MaxSide)]
    public int? Height { get; init; }

    public Fit Fit { get; init; } = Fit.Inside;

    public Gravity Gravity { get; init; } = Gravity.Centre;

    public OutputFormat Format { get; init; } = OutputFormat.Same;

    [Range(1, 100)]
    public int? Quality { get; init; }

    /// <summary>Shown where the source is transparent and the format cannot be.</summary>
    [RegularExpression("^#[0-9a-fA-F]{6}$", ErrorMessage = "The background is a colour like #ffffff.")]
    public string? Background { get; init; }

    /// <summary>What is kept; everything else is stripped.</summary>
    public IReadOnlyList<MetadataKind> Metadata { get; init; } = [];

    public bool Animated { get; init; }

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

    internal ThumbnailSpec ToSpec() => new(Width ?? MaxSide, Height ?? MaxSide)
    {
        Fit = Fit,
        Gravity = Gravity,
        Format = Format switch
        {
            OutputFormat.Same => null,
            OutputFormat.Jpeg => ImageFormat.Jpeg,
            OutputFormat.Png => ImageFormat.Png,
            OutputFormat.WebP => ImageFormat.WebP,
            OutputFormat.Avif => ImageFormat.Avif,
            _ => throw new ArgumentOutOfRangeException(nameof(Format)),
        },
        Quality = Quality,
        Background = Background,
        Keep = Metadata.Aggregate(KeptMetadata.None, (kept, kind) => kept | kind switch
        {
            MetadataKind.Copyright => KeptMetadata.Copyright,
            MetadataKind.ColourProfile => KeptMetadata.ColourProfile,
            _ => throw new ArgumentOutOfRangeException(nameof(Metadata)),
        }),
        Animated = Animated,
    };
}

public enum OutputFormat
{
    /// <summary>The source's own.</summary>
    Same,
    Jpeg,
    Png,
    [JsonStringEnumMemberName("webp")]
    WebP,
    Avif,
}

public enum MetadataKind
{
    Copyright,
    ColourProfile,
}
