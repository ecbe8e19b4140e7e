using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using ImageResize.Core.Imaging.Metadata;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>A thumbnail as a caller asks for it, or as a setting names it (<c>ImageResize__Presets__NAME__Width</c>).</summary>
public sealed record ThumbnailRequest : ThumbnailParameters, IValidatableObject
{
    public const int MaxSide = 4_096;

    /// <summary>128 bits in hexadecimal digits: two requests with equal hashes could replace each other's thumbnails.</summary>
    private const int HashLength = 32;
    private const int MaxKinds = 16;

    /// <summary>The width of the box in pixels; null if only the height limits the thumbnail.</summary>
    [Range(1, MaxSide)]
    public int? Width { get; init; }

    /// <summary>The height of the box in pixels; null if only the width limits the thumbnail.</summary>
    [Range(1, MaxSide)]
    public int? Height { get; init; }

    public OutputFormat Format { get; init; }

    /// <summary>The metadata that is kept. All other metadata is removed.</summary>
    [MaxLength(MaxKinds, ErrorMessage = "metadata can have at most 16 entries.")]
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

    /// <summary>
    /// The suffix contains the box as it was asked for, and a hash of all values, so that different requests have different names.
    /// </summary>
    internal ThumbnailAction ToAction()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(ToNamedSpec())))[..HashLength];

        return new ThumbnailAction(ToSpec(ThumbnailSpec.UnlimitedSide), $"_{Width}x{Height}-{hash}");
    }

    /// <summary>The values that names are made of. A missing side is the largest one, as it was before it had no limit.</summary>
    internal ThumbnailSpec ToNamedSpec() => ToSpec(MaxSide);

    private ThumbnailSpec ToSpec(int missingSide) => new(this, Width ?? missingSide, Height ?? missingSide)
    {
        Format = Format.Value,
        Keep = GetKept(),
    };

    private KeptMetadata GetKept() => Metadata.Aggregate(KeptMetadata.None, (kept, kind) => kept | kind switch
    {
        MetadataKind.Copyright => KeptMetadata.Copyright,
        MetadataKind.ColourProfile => KeptMetadata.ColourProfile,
        _ => throw new ArgumentOutOfRangeException(nameof(Metadata)),
    });
}

public enum MetadataKind
{
    Copyright,
    ColourProfile,
}
