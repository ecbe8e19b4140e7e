namespace ImageResize.Client;

/// <summary>How a thumbnail is made. Values that are not set have the defaults of the service.</summary>
public sealed record ThumbnailOptions
{
    /// <summary>The width of the box in pixels, 1 to 4096. Images are never enlarged.</summary>
    public int? Width { get; init; }

    /// <summary>The height of the box in pixels. With <see cref="ThumbnailFit.Inside"/>, one side is enough.</summary>
    public int? Height { get; init; }

    /// <summary>How the image is fitted to the box. The default is <see cref="ThumbnailFit.Inside"/>.</summary>
    public ThumbnailFit? Fit { get; init; }

    /// <summary>The part that <see cref="ThumbnailFit.Cover"/> keeps. The default is <see cref="ThumbnailGravity.Centre"/>.</summary>
    public ThumbnailGravity? Gravity { get; init; }

    /// <summary>The format. The default is <see cref="ThumbnailFormat.Same"/>.</summary>
    public ThumbnailFormat? Format { get; init; }

    /// <summary>1 to 100, for JPEG, WebP and AVIF.</summary>
    public int? Quality { get; init; }

    /// <summary>Replaces transparent pixels in formats without transparency, as <c>#rrggbb</c>. White by default.</summary>
    public string? Background { get; init; }

    /// <summary>The metadata that is kept. None by default.</summary>
    public IReadOnlyList<ThumbnailMetadata>? Metadata { get; init; }

    /// <summary>Whether all frames of a GIF or WebP are kept.</summary>
    public bool? Animated { get; init; }

    /// <summary>The name of a thumbnail that the settings of the service define, instead of all other values.</summary>
    public string? Preset { get; init; }
}

/// <summary>How an image is fitted to its box.</summary>
public enum ThumbnailFit
{
    /// <summary>Fits within the box.</summary>
    Inside,

    /// <summary>Fills the box and crops.</summary>
    Cover,

    /// <summary>Stretches to the box.</summary>
    Fill,
}

/// <summary>The part of an image that is kept.</summary>
public enum ThumbnailGravity
{
    /// <summary>The centre.</summary>
    Centre,

    /// <summary>The part that draws attention.</summary>
    Attention,
}

/// <summary>The format of a thumbnail.</summary>
public enum ThumbnailFormat
{
    /// <summary>That of the image.</summary>
    Same,

    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,

    /// <summary>WebP.</summary>
    Webp,

    /// <summary>AVIF.</summary>
    Avif,

    /// <summary>AVIF or WebP if the one who asks for it reads them, else that of the image. Not in jobs.</summary>
    Auto,
}

/// <summary>A kind of metadata.</summary>
public enum ThumbnailMetadata
{
    /// <summary>The copyright and its holder.</summary>
    Copyright,

    /// <summary>The colour profile.</summary>
    ColourProfile,
}
