using System.Buffers;
using System.Buffers.Binary;
using ImageResize.Core.Imaging.Jpeg.Segments;

namespace ImageResize.Core.Imaging.Jpeg.Frames;

/// <summary>The frame header: the image's size and its components (ITU-T T.81, B.2.2).</summary>
internal sealed class JpegFrame
{
    private const int MaxComponents = 3;
    private readonly JpegComponent[] _components = [new(), new(), new()];
    private int _count;

    private byte[] _samples = [];

    public bool IsDefined => _count > 0;

    public bool IsProgressive { get; private set; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public int MaxHorizontalFactor { get; private set; }

    public int MaxVerticalFactor { get; private set; }

    public int McusAcross { get; private set; }

    public int McusDown { get; private set; }

    public ReadOnlySpan<JpegComponent> Components => _components.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public bool TryDefine(byte marker, ReadOnlySpan<byte> payload)
    {
        if (IsDefined || payload.Length < 6 || payload[0] != 8)
        {
            return false;
        }

        IsProgressive = marker == Marker.ProgressiveFrame;
        Height = BinaryPrimitives.ReadUInt16BigEndian(payload[1..]);
        Width = BinaryPrimitives.ReadUInt16BigEndian(payload[3..]);
        var count = payload[5];
        if (Height == 0 || Width == 0 || count is not (1 or MaxComponents) || payload.Length != 6 + (3 * count))
        {
            return false;
        }

        _count = count;
        return TryDefineComponents(payload[6..]);
    }

    public JpegComponent? FindComponent(int id)
    {
        foreach (var component in Components)
        {
            if (component.Id == id)
            {
                return component;
            }
        }

        return null;
    }

    /// <summary>Blocks in all planes, incomplete MCUs included. Known before any memory is rented.</summary>
    public long CountBlocks()
    {
        var perMcu = 0L;
        foreach (var component in Components)
        {
            perMcu += component.HorizontalFactor * component.VerticalFactor;
        }

        return perMcu * McusAcross * McusDown;
    }

    /// <summary>Samples in all planes, incomplete MCUs included.</summary>
    /// <param name="scales">By component: samples kept of each block, across and down.</param>
    public long CountSamples(ReadOnlySpan<int> scales)
    {
        var perMcu = 0L;
        foreach (var component in Components)
        {
            var scale = scales[component.Index];
            perMcu += component.HorizontalFactor * component.VerticalFactor * scale * scale;
        }

        return perMcu * McusAcross * McusDown;
    }

    /// <summary>Rents memory for the samples.</summary>
    /// <param name="scales">By component: samples kept of each block, across and down.</param>
    /// <param name="kept">By component: coefficients of a block that its scale needs.</param>
    public void Prepare(ReadOnlySpan<int> scales, ReadOnlySpan<int> kept)
    {
        var count = 0;
        foreach (var component in Components)
        {
            count += component.Prepare(this, scales[component.Index], kept[component.Index]);
        }

        _samples = ArrayPool<byte>.Shared.Rent(count);
        var start = 0;
        foreach (var component in Components)
        {
            component.TakeSamples(_samples, start);
            start += component.Samples.Length;
        }
    }

    public void Release()
    {
        foreach (var component in Components)
        {
            component.Release();
        }

        ArrayPool<byte>.Shared.Return(_samples);
        _samples = [];
    }

    private bool TryDefineComponents(ReadOnlySpan<byte> entries)
    {
        MaxHorizontalFactor = MaxVerticalFactor = 1;
        for (var index = 0; index < _count; index++)
        {
            var (id, factors, quantization) = (entries[3 * index], entries[(3 * index) + 1], entries[(3 * index) + 2]);
            var (horizontal, vertical) = (factors >> 4, factors & 15);
            if (horizontal is < 1 or > 4 || vertical is < 1 or > 4 || quantization > 3 || IsIdUsed(id, index))
            {
                return false;
            }

            // A single component has one block per MCU, whatever its sampling factors are (ITU-T T.81, A.2.2).
            _components[index].Define(index, id, _count == 1 ? 0x11 : factors, quantization);
            MaxHorizontalFactor = Math.Max(MaxHorizontalFactor, _components[index].HorizontalFactor);
            MaxVerticalFactor = Math.Max(MaxVerticalFactor, _components[index].VerticalFactor);
        }

        McusAcross = (Width + (8 * MaxHorizontalFactor) - 1) / (8 * MaxHorizontalFactor);
        McusDown = (Height + (8 * MaxVerticalFactor) - 1) / (8 * MaxVerticalFactor);
        return true;
    }

    private bool IsIdUsed(int id, int count)
    {
        for (var index = 0; index < count; index++)
        {
            if (_components[index].Id == id)
            {
                return true;
            }
        }

        return false;
    }
}
