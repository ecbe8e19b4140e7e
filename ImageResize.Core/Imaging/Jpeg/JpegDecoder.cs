using System.Diagnostics;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Decodes a JPEG at 1/8 of its size, from the DC coefficients alone, or at 1/4. One picture at a time; kept for the
/// next, as its tables are worth keeping. Every step answers false for what it does not know or finds damaged.
/// </summary>
internal sealed class JpegDecoder
{
    /// <summary>Progressive files have about ten. libvips draws its line here too.</summary>
    private const int MaxScans = 100;

    /// <summary>A block costs at least a bit in a progressive file, and a DC and an AC code in others.</summary>
    private const int MaxBlocksPerByte = 8;

    /// <summary>Four thousand megapixels: below it no count of samples leaves the integers.</summary>
    private const int MaxBlocks = 1 << 26;

    private readonly JpegTables _tables = new();
    private readonly JpegScan _scan = new();
    private int _restartInterval;
    private int _scans;
    private int _headerEnd;

    public JpegFrame Frame { get; } = new();

    public JpegMetadata Metadata { get; } = new();

    public bool IsRgb => Metadata.IsRgb(Frame);

    /// <summary>Reads up to the first scan of a whole file.</summary>
    public bool TryReadHeader(ReadOnlySpan<byte> source) =>
        TryReadToScan(source) && Frame.CountBlocks() <= Math.Min(MaxBlocks, (long)MaxBlocksPerByte * source.Length);

    /// <summary>Reads as far as the first scan's header goes: what is behind it need not be there.</summary>
    public bool TryMeasure(ReadOnlySpan<byte> start)
    {
        if (!TryReadToScan(start))
        {
            return false;
        }

        var segments = new SegmentReader(start) { Position = _headerEnd };
        return segments.TryRead(out _, out var header) && _scan.TryDefine(Frame, _tables, header);
    }

    /// <summary>Reads the scans, to the end of the image. <paramref name="scale"/>: samples kept of each block, by component.</summary>
    public bool TryDecode(ReadOnlySpan<byte> source, ReadOnlySpan<int> scales, CancellationToken cancellationToken)
    {
        Debug.Assert(!scales.ContainsAnyExcept(1) || !Frame.IsProgressive, "A progressive file is read for its DC only.");
        Frame.Prepare(scales);

        var segments = new SegmentReader(source) { Position = _headerEnd };
        while (segments.TryRead(out var marker, out var payload))
        {
            var isRead = marker switch
            {
                Marker.EndOfImage => true,
                Marker.StartOfScan => TryReadScan(ref segments, payload, cancellationToken),
                _ => TryReadSegment(marker, payload),
            };

            if (!isRead || marker == Marker.EndOfImage)
            {
                return isRead && TryFinish();
            }
        }

        return false;
    }

    /// <summary>Gives the samples back.</summary>
    public void Release() => Frame.Release();

    private bool TryReadToScan(ReadOnlySpan<byte> source)
    {
        Frame.Clear();
        Metadata.Clear();
        _tables.Clear();
        _restartInterval = _scans = 0;

        var segments = new SegmentReader(source);
        if (!segments.TryRead(out var marker, out _) || marker != Marker.StartOfImage)
        {
            return false;
        }

        do
        {
            _headerEnd = segments.Position;
            if (!segments.TryRead(out marker, out var payload) || (marker != Marker.StartOfScan && !TryReadSegment(marker, payload)))
            {
                return false;
            }
        }
        while (marker != Marker.StartOfScan);

        return Frame.IsDefined;
    }

    private bool TryReadSegment(byte marker, ReadOnlySpan<byte> payload)
    {
        switch (marker)
        {
            case Marker.BaselineFrame or Marker.ExtendedFrame or Marker.ProgressiveFrame:
                return Frame.TryDefine(marker, payload);

            case Marker.HuffmanTables:
                return _tables.TryReadHuffman(payload);

            case Marker.QuantisationTables:
                return _tables.TryReadQuantisation(payload);

            case Marker.RestartInterval:
                _restartInterval = payload.Length == 2 ? (payload[0] << 8) | payload[1] : 0;
                return payload.Length == 2;

            case >= Marker.App0 and <= Marker.LastApp:
                return Metadata.TryRead(marker, payload);

            default:
                return marker == Marker.Comment;
        }
    }

    private bool TryReadScan(ref SegmentReader segments, ReadOnlySpan<byte> header, CancellationToken cancellationToken)
    {
        if (++_scans > MaxScans || !_scan.TryDefine(Frame, _tables, header))
        {
            return false;
        }

        return _scan.IsNeeded
            ? _scan.TryDecode(Frame, ref segments, _restartInterval, cancellationToken)
            : segments.TrySkipScan(hasRestarts: _restartInterval > 0);
    }

    private bool TryFinish()
    {
        foreach (var component in Frame.Components)
        {
            if (!component.HasWholeDc)
            {
                return false;
            }

            if (Frame.IsProgressive)
            {
                ProgressiveBlocks.WriteSamples(component);
            }
        }

        return true;
    }
}
