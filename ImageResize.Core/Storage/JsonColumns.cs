using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;

namespace ImageResize.Core.Storage;

/// <summary>
/// Keeps a JSON text in a row: in one column to read by eye while it fits, else compressed over several. A column holds 64 KiB
/// (32,768 UTF-16 characters) and a row 1 MiB, by Table Storage's own limits.
/// </summary>
internal static class JsonColumns
{
    private const string Plain = "Json";
    private const string Packed = "Packed";
    private const int PlainCharacters = 30_000;
    private const int PackedBytes = 64 * 1024;

    public static void Write(TableEntity row, byte[] json)
    {
        if (json.Length <= PlainCharacters)
        {
            row[Plain] = Encoding.UTF8.GetString(json);
            return;
        }

        var packed = Compress(json);
        for (var i = 0; i * PackedBytes < packed.Length; i++)
        {
            row[Packed + i] = packed[(i * PackedBytes)..Math.Min(packed.Length, (i + 1) * PackedBytes)];
        }
    }

    public static byte[] Read(TableEntity row)
    {
        if (row.GetString(Plain) is { } json)
        {
            return Encoding.UTF8.GetBytes(json);
        }

        using var packed = new MemoryStream();
        for (var i = 0; row.GetBinary(Packed + i) is { } part; i++)
        {
            packed.Write(part);
        }

        packed.Position = 0;
        using var unpacked = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionMode.Decompress))
        {
            brotli.CopyTo(unpacked);
        }

        return unpacked.ToArray();
    }

    /// <summary>About what the row's JSON weighs in a request, which base64 makes a third larger.</summary>
    public static int Weight(TableEntity row) =>
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
