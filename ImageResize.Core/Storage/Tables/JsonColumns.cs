using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;

namespace ImageResize.Core.Storage.Tables;

/// <summary>
/// Stores JSON in a row: as text in one column if it fits, otherwise compressed in several columns. Table Storage limits a column to 64 KiB
/// (32,768 UTF-16 characters) and a row to 1 MiB.
/// </summary>
internal static class JsonColumns
{
    private const string Plain = "Json";
    private const string Packed = "Packed";
    private const int PlainCharacters = 30_000;
    private const int PackedBytes = 64 * 1024;

    /// <summary>Several times as much as any value that is written. A row could unpack to a thousand times its size.</summary>
    private const int MaxUnpackedBytes = 64 * 1024 * 1024;

    /// <param name="name">The start of the columns' names, if the row has several such values.</param>
    public static void Write(TableEntity row, byte[] json, string name = "")
    {
        if (json.Length <= PlainCharacters)
        {
            row[name + Plain] = Encoding.UTF8.GetString(json);
            return;
        }

        var packed = Compress(json);
        for (var i = 0; i * PackedBytes < packed.Length; i++)
        {
            row[name + Packed + i] = packed[(i * PackedBytes)..Math.Min(packed.Length, (i + 1) * PackedBytes)];
        }
    }

    public static bool Contains(TableEntity row, string name) => row.ContainsKey(name + Plain) || row.ContainsKey(name + Packed + 0);

    /// <exception cref="InvalidDataException">The columns are not those that <see cref="Write"/> writes.</exception>
    public static byte[] Read(TableEntity row, string name = "")
    {
        if (row.GetString(name + Plain) is { } json)
        {
            return Encoding.UTF8.GetBytes(json);
        }

        using var packed = new MemoryStream();
        for (var i = 0; row.GetBinary(name + Packed + i) is { } part; i++)
        {
            packed.Write(part);
        }

        packed.Position = 0;
        using var unpacked = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionMode.Decompress))
        {
            Unpack(brotli, unpacked);
        }

        return unpacked.ToArray();
    }

    private static void Unpack(BrotliStream packed, MemoryStream unpacked)
    {
        var buffer = new byte[PackedBytes];
        for (int read; (read = packed.Read(buffer)) > 0; unpacked.Write(buffer, 0, read))
        {
            if (unpacked.Length > MaxUnpackedBytes)
            {
                throw new InvalidDataException("its content is too large");
            }
        }
    }

    /// <summary>The approximate size of the row in a request. Base64 makes compressed JSON a third larger.</summary>
    public static int EstimateSize(TableEntity row) =>
        1_000 + ((IDictionary<string, object>)row).Values.Sum(value => value switch
        {
            string text => Encoding.UTF8.GetByteCount(text) * 5 / 4,
            byte[] bytes => bytes.Length * 4 / 3,
            _ => 0,
        });

    private static byte[] Compress(byte[] json)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            brotli.Write(json);
        }

        return packed.ToArray();
    }
}
