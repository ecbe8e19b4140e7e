namespace ImageResize.Core.Imaging.Jpeg.Segments;

/// <summary>The second bytes of the supported markers (ITU-T T.81, table B.1).</summary>
internal static class Marker
{
    public const byte FirstWithSegment = 0xC0;
    public const byte BaselineFrame = 0xC0;
    public const byte ExtendedFrame = 0xC1;
    public const byte ProgressiveFrame = 0xC2;
    public const byte HuffmanTables = 0xC4;
    public const byte FirstRestart = 0xD0;
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte QuantizationTables = 0xDB;
    public const byte RestartInterval = 0xDD;

    /// <summary>JFIF.</summary>
    public const byte App0 = 0xE0;

    /// <summary>EXIF.</summary>
    public const byte App1 = 0xE1;

    /// <summary>ICC profiles.</summary>
    public const byte App2 = 0xE2;

    /// <summary>Adobe's color transform.</summary>
    public const byte App14 = 0xEE;

    public const byte LastApp = 0xEF;
    public const byte Comment = 0xFE;

    /// <summary>Whether the marker starts a frame of any kind. Three markers in the same range do not: DHT, JPG and DAC.</summary>
    public static bool IsFrame(byte marker) => (marker & 0xF0) == BaselineFrame && marker is not (HuffmanTables or 0xC8 or 0xCC);

    public static bool IsProgressive(byte frame) => (frame & 3) == 2;

    public static bool IsRestart(byte marker) => (marker & 0xF8) == FirstRestart;
}
