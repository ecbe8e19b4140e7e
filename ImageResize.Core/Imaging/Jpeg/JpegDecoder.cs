using ImageResize.Core.Imaging.Jpeg.Frames;
using ImageResize.Core.Imaging.Jpeg.Scans;
using ImageResize.Core.Imaging.Jpeg.Segments;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>
/// Decodes a JPEG at 1/8 of its size, from the DC coefficients alone, at 1/4, at 1/2 or whole. Decodes one image at a time and keeps its
/// tables for the next one. Every step returns false for data that it does not know or finds damaged.
/// </summary>
internal sealed class JpegDecoder
{
    /// <summary>Progressive files have about ten. libvips has the same limit.</summary>
    private const int MaxScans = 100;

    /// <summary>A block costs at least a bit in a progressive file, and a DC and an AC code in others.</summary>
    private const int MaxBlocksPerByte = 8;

    /// <summary>4,096 megapixels in blocks of 64. Below it, no count of samples overflows an int.</summary>
    private const int MaxBlocks = 1 << 26;

    [ThreadStatic]
    private static JpegDecoder? t_decoder;

    private readonly JpegTables _tables = new();
    private readonly JpegScan _scan = new();
    private int _restartInterval;
    private int _scans;
    private int _headerEnd;

    /// <summary>This thread's decoder.</summary>
    public static JpegDecoder OfThread => t_decoder ??= new JpegDecoder();

    public JpegFrame Frame { get; } = new();

    public JpegMetadata Metadata { get; } = new();

    public bool IsRgb => Frame.Components is [var first, var second, var third] && Metadata.IsRgb(first.Id, second.Id, third.Id);

    /// <summary>Reads up to the first scan of a whole file.</summary>
    public bool TryReadHeader(ReadOnlySpan<byte> source) =>
        TryReadToScan(source) && Frame.CountBlocks() <= Math.Min(MaxBlocks, (long)MaxBlocksPerByte * source.Length);

    /// <summary>Reads up to the end of the first scan's header. The data after it may be missing.</summary>
    public bool TryMeasure(ReadOnlySpan<byte> start)
    {
        if (!TryReadToScan(start))
        {
            return false;
        }

        var segments = new SegmentReader(start) { Position = _headerEnd };
        return segments.TryRead(out _, out var header) && _scan.TryDefine(Frame, _tables, header);
    }

    /// <summary>Reads the scans, up to the end of the image.</summary>
    /// <param name="scales">By component: samples kept of each block, across and down.</param>
    /// <param name="source">The same file as in <see cref="TryReadHeader"/>.</param>
    /// <param name="cancellationToken">Checked once per row of blocks.</param>
    public bool TryDecode(ReadOnlySpan<byte> source, ReadOnlySpan<int> scales, CancellationToken cancellationToken)
    {
        Span<int> kept = stackalloc int[scales.Length];
        for (var index = 0; index < kept.Length; index++)
        {
            kept[index] = BlockSamples.Order(scales[index]).Length;
        }

        Frame.Prepare(scales, kept);

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
                return isRead && TryFinish(cancellationToken);
            }
        }

        return false;
    }

    /// <summary>Returns the samples to the pool.</summary>
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

        for (var count = 0; count <= SegmentReader.MaxHeaderSegments; count++)
        {
            _headerEnd = segments.Position;
            if (!segments.TryRead(out marker, out var payload))
            {
                return false;
            }

            if (marker == Marker.StartOfScan)
            {
                return Frame.IsDefined;
            }

            if (!TryReadSegment(marker, payload))
            {
                return false;
            }
        }

        return false;
    }

    private bool TryReadSegment(byte marker, ReadOnlySpan<byte> payload)
    {
        switch (marker)
        {
            case Marker.BaselineFrame or Marker.ExtendedFrame or Marker.ProgressiveFrame:
                return Frame.TryDefine(marker, payload);

            case Marker.HuffmanTables:
                return _tables.TryReadHuffman(payload);

            case Marker.QuantizationTables:
                return _tables.TryReadQuantization(payload);

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

    private bool TryFinish(CancellationToken cancellationToken)
    {
        foreach (var component in Frame.Components)
        {
            if (!component.HasWhole(BlockSamples.Order(component.Scale).Length))
            {
                return false;
            }

            if (Frame.IsProgressive)
            {
                ProgressiveBlocks.WriteSamples(component, cancellationToken);
            }
        }

        return true;
    }
}
