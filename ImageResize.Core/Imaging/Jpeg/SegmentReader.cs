using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Jpeg;

/// <summary>Walks a file from marker to marker.</summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Where the next marker is expected, or after a scan's header its entropy-coded data.</summary>
    public int Position { get; set; }

    public readonly ReadOnlySpan<byte> Data => _data;

    /// <summary>The next marker and, where it has one, what its segment holds; false when anything else is found.</summary>
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
            // Any number of 0xFF may fill up the space before a marker.
            Position++;
        }

        if (Position == start || Position == _data.Length)
        {
            return false;
        }

        marker = _data[Position++];
        return true;
    }

    /// <summary>Passes over the entropy-coded data of a scan that is not needed, up to the marker that ends it.</summary>
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
