using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>How an image is fitted to its box.</summary>
public enum Fit
{
    /// <summary>Keeps the aspect ratio and stays within the box; never enlarged.</summary>
    Inside,

    /// <summary>Keeps the aspect ratio, fills the box and crops the rest; never enlarged, so it may stay smaller.</summary>
    Cover,

    /// <summary>Stretched to the box exactly; no side is ever enlarged.</summary>
    Fill,
}

/// <summary>The part of an image that <see cref="Fit.Cover"/> keeps.</summary>
public enum Gravity
{
    Centre,

    /// <summary>The part that attracts most attention, as libvips' smartcrop finds it.</summary>
    Attention,
}

/// <summary>
/// Parameters of a thumbnail that a caller's request and the worker's <see cref="ThumbnailSpec"/> share. A new operation is a class that
/// derives from <see cref="Operation"/>, a property here and a line in <see cref="GetOperations"/>.
/// </summary>
/// <remarks>
/// Names of thumbnails contain a hash of these properties in the order given here. A new property is ignored when it has its default value
/// (<see cref="JsonIgnoreCondition.WhenWritingDefault"/>), so that names stay as they are.
/// </remarks>
public abstract record ThumbnailParameters
{
    [JsonPropertyOrder(1)]
    public Fit Fit { get; init; } = Fit.Inside;

    [JsonPropertyOrder(2)]
    public Gravity Gravity { get; init; } = Gravity.Centre;

    /// <summary>For JPEG, WebP and AVIF; null takes the setting for the format.</summary>
    [JsonPropertyOrder(4)]
    [Range(1, 100)]
    public int? Quality { get; init; }

    /// <summary>The colour behind transparent pixels if the output format has no transparency, #rrggbb; null is white.</summary>
    [JsonPropertyOrder(5)]
    [RegularExpression("^#[0-9a-fA-F]{6}$", ErrorMessage = "The background is a colour like #ffffff.")]
    public string? Background { get; init; }

    /// <summary>Keeps the frames of an animation if source and output format can be animated. Otherwise the first frame is used.</summary>
    [JsonPropertyOrder(7)]
    public bool Animated { get; init; }

    /// <summary>The steps that are applied to an upright image, in their order.</summary>
    /// <param name="width">Of the box, in pixels.</param>
    /// <param name="height">Of the box, in pixels.</param>
    internal IReadOnlyList<Operation> GetOperations(int width, int height, Format output) =>
    [
        new Resize(width, height, Fit),
        .. Fit == Fit.Cover ? [new Crop(width, height, Gravity)] : (Operation[])[],
        .. output.HasTransparency ? (Operation[])[] : [new Flatten(Colour.TryParse(Background, out var colour) ? colour : Colour.White)],
    ];
}
