namespace ImageResize.Core.Imaging.Png.Chunks;

/// <summary>What a pixel consists of (PNG, third edition, 11.2.1).</summary>
internal enum PngColorType : byte
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}
