namespace ImageResize.Core.Imaging.Metadata;

/// <summary>The colours of an image, described by numbers in its file instead of an ICC profile.</summary>
/// <param name="Gamma">The exponent that makes stored values linear; null for the curve of sRGB.</param>
/// <param name="Hdr">The name of a curve for high dynamic range. Such an image needs tone mapping, which is not done here.</param>
internal sealed record DeclaredColours(Chromaticities Primaries, double? Gamma, string? Hdr = null)
{
    /// <summary>Values of common files are rounded, so values this close to sRGB are treated as sRGB.</summary>
    private const double Tolerance = 0.002;

    public bool IsSrgb => Gamma is null && Primaries.IsNear(Chromaticities.Srgb, Tolerance);

    /// <summary>
    /// By the code points of ITU-T H.273 (CICP), as in AVIF's nclx and PNG's cICP. The curves of BT.601, BT.709 and BT.2020 (1, 6, 14, 15)
    /// describe cameras. Images with them are made for screens, so they are taken for sRGB, as by libvips, sharp and Pillow, which read no
    /// code points. Inverting a camera's curve instead would make shadows up to 16 of 255 lighter.
    /// </summary>
    public static DeclaredColours FromCicp(int primaries, int transfer) => new(
        Chromaticities.Find(primaries) ?? Chromaticities.Srgb,
        transfer switch
        {
            4 => 2.2,
            5 => 2.8,
            8 => 1,
            17 => 2.6,
            _ => null,
        },
        transfer switch
        {
            9 or 10 => "logarithmic",
            16 => "PQ",
            18 => "HLG",
            _ => null,
        });
}

/// <summary>A CIE 1931 chromaticity.</summary>
internal readonly record struct Chromaticity(double X, double Y)
{
    public bool IsNear(Chromaticity other, double tolerance) => Math.Abs(X - other.X) <= tolerance && Math.Abs(Y - other.Y) <= tolerance;
}

/// <summary>The three primaries of a display and its white point.</summary>
internal sealed record Chromaticities(Chromaticity Red, Chromaticity Green, Chromaticity Blue, Chromaticity White)
{
    private static readonly Chromaticity D65 = new(0.3127, 0.3290);
    private static readonly Chromaticity C = new(0.310, 0.316);

    public static Chromaticities Srgb { get; } = new(new(0.640, 0.330), new(0.300, 0.600), new(0.150, 0.060), D65);

    /// <param name="code">ITU-T H.273, table 2.</param>
    /// <returns>Null if the code is unspecified, reserved, or XYZ.</returns>
    public static Chromaticities? Find(int code) => code switch
    {
        1 => Srgb,
        4 => new(new(0.67, 0.33), new(0.21, 0.71), new(0.14, 0.08), C),
        5 => new(new(0.64, 0.33), new(0.29, 0.60), new(0.15, 0.06), D65),
        6 or 7 => new(new(0.630, 0.340), new(0.310, 0.595), new(0.155, 0.070), D65),
        8 => new(new(0.681, 0.319), new(0.243, 0.692), new(0.145, 0.049), C),
        9 => new(new(0.708, 0.292), new(0.170, 0.797), new(0.131, 0.046), D65),
        11 => new(new(0.680, 0.320), new(0.265, 0.690), new(0.150, 0.060), new(0.314, 0.351)),
        12 => new(new(0.680, 0.320), new(0.265, 0.690), new(0.150, 0.060), D65),
        22 => new(new(0.630, 0.340), new(0.295, 0.605), new(0.155, 0.077), D65),
        _ => null,
    };

    public bool IsNear(Chromaticities other, double tolerance) =>
        Red.IsNear(other.Red, tolerance)
        && Green.IsNear(other.Green, tolerance)
        && Blue.IsNear(other.Blue, tolerance)
        && White.IsNear(other.White, tolerance);
}
