using System.Buffers.Binary;

namespace ImageResize.Core.Imaging.Formats.Avif;

/// <summary>Finds the data of an AVIF's items by its "iloc" box (ISO/IEC 14496-12, 8.11.3).</summary>
internal static class AvifItems
{
    private const int FullLength = 4;

    /// <param name="location">The content of the "iloc" box.</param>
    /// <returns>The item's data, or the first part of it; empty if it is not found in the file.</returns>
    public static ReadOnlySpan<byte> FindData(ReadOnlySpan<byte> file, ReadOnlySpan<byte> location, uint item)
    {
        if (location.Length < FullLength + 4)
        {
            return [];
        }

        var version = location[0];
        var reader = new NumberReader(location[FullLength..]);
        var sizes = (int)reader.Read(2);
        var (offsetLength, lengthLength, baseLength) = (sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15);
        var indexLength = version is 1 or 2 ? sizes & 15 : 0;
        for (var items = Math.Min(reader.Read(version < 2 ? 2 : 4), AvifBoxes.MaxItems); items > 0 && !reader.IsPastEnd; items--)
        {
            var isWanted = reader.Read(version < 2 ? 2 : 4) == item;
            var isInFile = version == 0 || (reader.Read(2) & 15) == 0;
            reader.Read(2);
            var start = reader.Read(baseLength);
            var extents = (int)reader.Read(2);
            if (isWanted)
            {
                reader.Read(indexLength);
                var (offset, length) = (start + reader.Read(offsetLength), reader.Read(lengthLength));
                return isInFile && extents > 0 && offset <= (ulong)file.Length && !reader.IsPastEnd
                    ? file.Slice((int)offset, (int)Math.Min(length, (ulong)file.Length - offset))
                    : [];
            }

            reader.Skip(extents * (indexLength + offsetLength + lengthLength));
        }

        return [];
    }

    /// <summary>Reads numbers of 0, 2, 4 or 8 bytes. Those after the end are 0.</summary>
    private ref struct NumberReader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public bool IsPastEnd { get; private set; }

        public ulong Read(int length)
        {
            if (length > _rest.Length)
            {
                IsPastEnd = true;
                return 0;
            }

            var number = _rest[..length];
            _rest = _rest[length..];
            return length switch
            {
                2 => BinaryPrimitives.ReadUInt16BigEndian(number),
                4 => BinaryPrimitives.ReadUInt32BigEndian(number),
                8 => BinaryPrimitives.ReadUInt64BigEndian(number),
                _ => 0,
            };
        }

        public void Skip(int length)
        {
            IsPastEnd |= length > _rest.Length;
            _rest = _rest[Math.Min(length, _rest.Length)..];
        }
    }
}
