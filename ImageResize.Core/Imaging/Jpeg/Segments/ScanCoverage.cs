namespace ImageResize.Core.Imaging.Jpeg.Segments;

/// <summary>
/// Whether the scans of a JPEG that ends without a marker send all of the image. A file that is cut between two scans looks like a whole
/// one otherwise.
/// </summary>
internal static class ScanCoverage
{
    private const int Coefficients = 64;

    /// <returns>Whether every coefficient of every component is sent to its last bit. The last scan's data are not checked.</returns>
    public static bool IsComplete(ReadOnlySpan<byte> jpeg)
    {
        var segments = new SegmentReader(jpeg);
        var isProgressive = false;
        var complete = new Dictionary<byte, bool[]>();
        while (segments.TryRead(out var marker, out var payload))
        {
            if (Marker.IsFrame(marker) && payload.Length >= 6)
            {
                isProgressive = Marker.IsProgressive(marker);
                for (var component = 6; component + 3 <= payload.Length; component += 3)
                {
                    complete[payload[component]] = new bool[Coefficients];
                }
            }
            else if (marker == Marker.StartOfScan && payload.Length >= 1 && payload.Length >= 4 + (2 * payload[0]))
            {
                Record(payload, isProgressive, complete);
                if (!segments.TrySkipScan(hasRestarts: true))
                {
                    break;
                }
            }
        }

        return complete.Count > 0 && complete.Values.All(coefficients => Array.TrueForAll(coefficients, isComplete => isComplete));
    }

    private static void Record(ReadOnlySpan<byte> scan, bool isProgressive, Dictionary<byte, bool[]> complete)
    {
        // The first and last coefficient, then the bits that are still missing (ITU-T T.81, B.2.3).
        var step = scan[(1 + (2 * scan[0]))..];
        var (first, last, missingBits) = isProgressive ? (step[0], step[1], step[2] & 15) : (0, Coefficients - 1, 0);
        for (var index = 0; index < scan[0]; index++)
        {
            if (missingBits == 0 && complete.TryGetValue(scan[1 + (2 * index)], out var coefficients))
            {
                for (int coefficient = first; coefficient <= last && coefficient < Coefficients; coefficient++)
                {
                    coefficients[coefficient] = true;
                }
            }
        }
    }
}
