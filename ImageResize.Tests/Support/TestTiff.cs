namespace ImageResize.Tests.Support;

/// <summary>Small TIFFs as libvips writes them, with a changed directory.</summary>
internal static class TestTiff
{
    private const int EntryLength = 12;

    /// <summary>Appends a directory with this entry, which replaces one of the same tag or is added.</summary>
    /// <param name="value">The value if it has at most four bytes; otherwise its offset.</param>
    /// <param name="next">The offset of the next page.</param>
    public static byte[] With(byte[] tiff, int tag, int type = 3, int count = 1, int value = 0, int next = 0)
    {
        var directory = BitConverter.ToInt32(tiff, 4);
        var entries = Enumerable.Range(0, BitConverter.ToUInt16(tiff, directory))
            .Select(i => tiff[(directory + 2 + (EntryLength * i))..(directory + 2 + (EntryLength * (i + 1)))])
            .Where(entry => BitConverter.ToUInt16(entry) != tag)
            .Append([.. Short(tag), .. Short(type), .. BitConverter.GetBytes(count), .. BitConverter.GetBytes(value)])
            .OrderBy(entry => BitConverter.ToUInt16(entry))
            .ToList();
        byte[] written = [.. tiff, .. Short(entries.Count), .. entries.SelectMany(entry => entry), .. BitConverter.GetBytes(next)];
        BitConverter.GetBytes(tiff.Length).CopyTo(written, 4);

        return written;
    }

    /// <summary>Adds pages, each a directory with one entry.</summary>
    public static byte[] WithPages(byte[] tiff, int pages)
    {
        const int length = 18;
        const int softwareTag = 305;
        var first = With(tiff, softwareTag, type: 2, count: 4, value: 0x00656D61);
        BitConverter.GetBytes(first.Length).CopyTo(first, first.Length - 4);
        var written = new byte[first.Length + (length * (pages - 1))];
        first.CopyTo(written, 0);
        for (var at = first.Length; at < written.Length; at += length)
        {
            var next = at + length < written.Length ? at + length : 0;
            byte[] page = [.. Short(1), .. Short(256), .. Short(3), 1, 0, 0, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(next)];
            page.CopyTo(written, at);
        }

        return written;
    }

    private static byte[] Short(int value) => BitConverter.GetBytes((ushort)value);
}
