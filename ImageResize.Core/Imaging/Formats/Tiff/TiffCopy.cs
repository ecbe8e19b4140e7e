namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>Copies a TIFF with another first directory and no further one. Data stay at their positions.</summary>
internal static class TiffCopy
{
    public static SortedDictionary<int, byte[]> Keep(ReadOnlySpan<byte> file, TiffLayout layout, Predicate<int> isKept)
    {
        var kept = new SortedDictionary<int, byte[]>();
        for (var entries = TiffDirectory.FindEntries(file, layout); !entries.IsEmpty; entries = entries[layout.EntryLength..])
        {
            var tag = (int)layout.Number(entries, 2);
            if (isKept(tag))
            {
                kept.TryAdd(tag, entries[..layout.EntryLength].ToArray());
            }
        }

        return kept;
    }

    /// <param name="added">Data of entries, appended to the file.</param>
    public static byte[] Write(ReadOnlySpan<byte> file, TiffLayout layout, SortedDictionary<int, byte[]> entries, List<byte> added)
    {
        var pointer = new List<byte>();
        layout.Add(pointer, (ulong)(file.Length + added.Count), layout.Word);
        layout.Add(added, (ulong)entries.Count, layout.CountLength);
        added.AddRange(entries.Values.SelectMany(entry => entry));
        layout.Add(added, 0, layout.Word);
        byte[] written = [.. file, .. added];
        pointer.CopyTo(written, layout.DirectoryAt);

        return written;
    }
}
