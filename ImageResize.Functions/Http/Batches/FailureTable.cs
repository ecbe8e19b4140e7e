using System.IO.Compression;
using System.Text;
using ImageResize.Core.Batches;

namespace ImageResize.Functions.Http.Batches;

/// <summary>The failed jobs of a batch as CSV (RFC 4180), for spreadsheets.</summary>
internal static class FailureTable
{
    public const string Name = "failures.csv";

    public static async Task<StreamWriter> BeginAsync(ZipArchive archive, CancellationToken cancellationToken)
    {
        var entry = archive.CreateEntry(Name);

        // Spreadsheets take a file without this mark for another encoding.
        var table = new StreamWriter(await entry.OpenAsync(cancellationToken), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await table.WriteAsync("job,name,source,code,message\r\n");

        return table;
    }

    public static async Task AddAsync(StreamWriter table, JobPage page)
    {
        foreach (var (id, source, status) in page.Jobs)
        {
            var error = status.Result!.Error!;
            await table.WriteAsync($"{id},{Cell(status.Name ?? "")},{Cell(source.Redacted)},{error.Code},{Cell(error.Message)}\r\n");
        }
    }

    /// <summary>Quoted, and never a formula: spreadsheets would execute what a file is called.</summary>
    private static string Cell(string text)
    {
        var harmless = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;

        return $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
