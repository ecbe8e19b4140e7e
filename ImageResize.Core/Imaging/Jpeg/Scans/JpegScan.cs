using ImageResize.Core.Imaging.Jpeg.DcOnly;
using ImageResize.Core.Imaging.Jpeg.Entropy;
using ImageResize.Core.Imaging.Jpeg.Frames;
using ImageResize.Core.Imaging.Jpeg.Segments;

namespace ImageResize.Core.Imaging.Jpeg.Scans;

/// <summary>One scan: its components, the order of their blocks, and its decoding (ITU-T T.81, B.2.3).</summary>
internal sealed class JpegScan
{
    private const int MaxComponents = 3;

    /// <summary>The most blocks in an MCU (ITU-T T.81, B.2.3).</summary>
    private const int MaxBlocks = 10;

    private readonly JpegComponent[] _components = new JpegComponent[MaxComponents];
    private readonly McuBlock[] _blocks = new McuBlock[MaxBlocks];
    private readonly StepTableOrder _order = new();
    private readonly EntropyBytes _bytes = new();
    private int _componentCount;
    private int _blockCount;
    private ProgressiveStep _step;
    private bool _isProgressive;

    /// <summary>Blocks that follow in a progressive scan of AC coefficients and send no more of them.</summary>
    private int _endedBlocks;

    /// <summary>False for AC scans of a component of which only the DC coefficients are used.</summary>
    public bool IsNeeded => _step.IsDc || _components[0].Scale > 1;

    /// <summary>Reads a scan header. False if it is not valid or repeats what earlier scans have sent.</summary>
    public bool TryDefine(JpegFrame frame, JpegTables tables, ReadOnlySpan<byte> header)
    {
        var count = header.IsEmpty ? 0 : header[0];
        if (count is < 1 or > MaxComponents || header.Length != 4 + (2 * count))
        {
            return false;
        }

        _componentCount = count;
        _isProgressive = frame.IsProgressive;
        return TryReadStep(header[(1 + (2 * count))..])
            && TryDefineComponents(frame, tables, header[1..])
            && TryLayOutBlocks();
    }

    public bool TryDecode(
        JpegFrame frame,
        ref SegmentReader segments,
        int restartInterval,
        CancellationToken cancellationToken)
    {
        try
        {
            return TryDecodeIntervals(frame, ref segments, restartInterval, cancellationToken);
        }
        finally
        {
            _bytes.Release();
        }
    }

    private bool TryDecodeIntervals(
        JpegFrame frame,
        ref SegmentReader segments,
        int restartInterval,
        CancellationToken cancellationToken)
    {
        var isAlone = _componentCount == 1;
        var across = isAlone ? _components[0].BlocksAcross : frame.McusAcross;
        var down = isAlone ? _components[0].BlocksDown : frame.McusDown;
        var untilRestart = restartInterval > 0 ? restartInterval : int.MaxValue;
        var nextRestart = 0;
        var reader = StartInterval(ref segments);

        var blocks = _blocks.AsSpan(0, _blockCount);
        if (!_isProgressive && restartInterval == 0 && DcScanDecoder.CanDecode(_order, blocks, (long)across * down, reader.Padded))
        {
            return DcScanDecoder.TryDecode(_order, reader.Padded, blocks, across, down, cancellationToken);
        }

        for (var row = 0; row < down; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var column = 0; column < across;)
            {
                if (untilRestart == 0)
                {
                    if (!TryRestart(ref reader, ref segments, nextRestart))
                    {
                        return false;
                    }

                    nextRestart = (nextRestart + 1) & 7;
                    untilRestart = restartInterval;
                }

                var run = Math.Min(across - column, untilRestart);
                if (!TryDecodeRun(ref reader, row, column, run) || reader.IsPastEnd)
                {
                    return false;
                }

                column += run;
                untilRestart -= run;
            }
        }

        return reader.IsAtEnd;
    }

    private bool TryDecodeRun(ref BitReader reader, int row, int column, int run)
    {
        var blocks = _blocks.AsSpan(0, _blockCount);
        if (_isProgressive)
        {
            return _step.IsDc
                ? ProgressiveBlocks.TryDecode(ref reader, blocks, row, column, run, _step)
                : new ProgressiveBands(_components[0], _step).TryDecode(ref reader, blocks[0].Index(row, column), run, ref _endedBlocks);
        }

        return SequentialBlocks.TryDecode(ref reader, blocks, row, column, run);
    }

    private BitReader StartInterval(scoped ref SegmentReader segments)
    {
        foreach (var component in _components.AsSpan(0, _componentCount))
        {
            component.Prediction = 0;
        }

        _endedBlocks = 0;
        return _bytes.Read(ref segments);
    }

    private bool TryRestart(scoped ref BitReader reader, scoped ref SegmentReader segments, int number)
    {
        if (!reader.IsAtEnd || !segments.TryReadMarker(out var marker) || marker != Marker.FirstRestart + number)
        {
            return false;
        }

        reader = StartInterval(ref segments);
        return true;
    }

    private bool TryReadStep(ReadOnlySpan<byte> bytes)
    {
        if (_isProgressive)
        {
            // A scan of AC coefficients has one component (ITU-T T.81, G.1.1.1).
            return ProgressiveStep.TryRead(bytes, out _step) && (_step.IsDc || _componentCount == 1);
        }

        _step = new ProgressiveStep(0, 63, -1, 0);
        return bytes[0] == 0 && bytes[1] == 63 && bytes[2] == 0;
    }

    private bool TryDefineComponents(JpegFrame frame, JpegTables tables, ReadOnlySpan<byte> entries)
    {
        for (var index = 0; index < _componentCount; index++)
        {
            var component = frame.FindComponent(entries[2 * index]);
            if (component is null || !component.TryRecord(_step) || !TryGiveTables(component, tables, entries[(2 * index) + 1]))
            {
                return false;
            }

            _components[index] = component;
        }

        return true;
    }

    private bool TryGiveTables(JpegComponent component, JpegTables tables, byte numbers)
    {
        if (!component.HasQuantization)
        {
            if (!tables.TryGetQuantization(component.QuantizationNumber, out var quantization))
            {
                return false;
            }

            component.TakeQuantization(quantization);
        }

        // Refinement bits of DC are not Huffman-coded (ITU-T T.81, G.1.2.1).
        var needsDc = _step.IsDc && _step.PreviousBit < 0;
        var needsAc = !_isProgressive || !_step.IsDc;
        component.DcTable = tables.FindDc(numbers >> 4);
        component.AcTable = tables.FindAc(numbers & 15);
        return (!needsDc || component.DcTable is not null) && (!needsAc || component.AcTable is not null);
    }

    private bool TryLayOutBlocks()
    {
        _blockCount = 0;
        for (var index = 0; index < _componentCount; index++)
        {
            var component = _components[index];
            var across = _componentCount == 1 ? 1 : component.HorizontalFactor;
            var down = _componentCount == 1 ? 1 : component.VerticalFactor;
            if (_blockCount + (across * down) > MaxBlocks)
            {
                return false;
            }

            for (var block = 0; block < across * down; block++)
            {
                _blocks[_blockCount++] = new McuBlock(component, across, down, block % across, block / across);
            }
        }

        return true;
    }
}
