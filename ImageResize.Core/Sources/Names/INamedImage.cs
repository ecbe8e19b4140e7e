namespace ImageResize.Core.Sources.Names;

/// <summary>A stream of an image that has a name of its own, because its source does not show one.</summary>
public interface INamedImage
{
    /// <summary>As <see cref="ImageName"/> writes it; null if it has none.</summary>
    string? ImageName { get; }
}
