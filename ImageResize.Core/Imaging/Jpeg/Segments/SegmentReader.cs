using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Jpeg.Segments;

/// <summary>Reads a file from marker to marker.</summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> data)
{
    /// <summary>
    /// Segments before the pixels. An ICC profile takes 255 at most (ICC.1:2022, B.4), and as many of the longest as this have 65 MB.
    /// </summary>
    public const int MaxHeaderSegments = 1_000;

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Offset of the next marker, or after a scan's header of its entropy-coded data.</summary>
    public int Position { get; set; }

    public readonly ReadOnlySpan<byte> Data => _data;

    /// <summary>Reads the next marker and the payload of its segment, if it has one. False if there is anything else.</summary>
    public bool TryRead(out byte marker, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!TryReadMarker(out marker))
        {
            return false;
        }

        if (marker is Marker.StartOfImage or Marker.EndOfImage)
        {
            return true;
        }

        if (marker < Marker.FirstWithSegment || Marker.IsRestart(marker) || _data.Length - Position < 2)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(_data[Position..]);
        if (length < 2 || length > _data.Length - Position)
        {
            return false;
        }

        payload = _data.Slice(Position + 2, length - 2);
        Position += length;
        return true;
    }

    public bool TryReadMarker(out byte marker)
    {
        marker = 0;
        var start = Position;
        while (Position < _data.Length && _data[Position] == 0xFF)
        {
            // Any number of fill bytes may precede a marker (ITU-T T.81, B.1.1.2).
            Position++;
        }

        if (Position == start || Position == _data.Length)
        {
            return false;
        }

        marker = _data[Position++];
        return true;
    }

    /// <summary>Skips the entropy-coded data of a scan that is not needed, up to the marker that ends it.</summary>
    public bool TrySkipScan(bool hasRestarts)
    {
        while (true)
        {
            var next = _data[Position..].IndexOf((byte)0xFF);
            if (next < 0 || Position + next + 1 >= _data.Length)
            {
                return false;
            }

            Position += next;
            var following = _data[Position + 1];
            if (following != 0 && !(hasRestarts && Marker.IsRestart(following)))
            {
                return true;
            }

            Position += 2;
        }
    }
}
