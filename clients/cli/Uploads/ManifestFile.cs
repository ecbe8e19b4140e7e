using System.Text.Json;
using ImageResize.Cli.Results;
using ImageResize.Client;

namespace ImageResize.Cli.Uploads;

/// <summary>A local file of sources, one per line: the source itself, or <c>{ "source": "...", "name": "..." }</c>.</summary>
internal static class ManifestFile
{
    private static readonly string[] Extensions = [".ndjson", ".jsonl", ".txt"];

    public static bool IsName(string name) => Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the file while it's enumerated, because it can have 100,000 lines.</summary>
    public static IEnumerable<BatchItem> Read(string path) =>
        File.ReadLines(path).Index().Where(line => line.Item.Trim().Length > 0)
            .Select(line => ItemOf(line.Item.Trim(), $"{path}, line {line.Index + 1}"));

    private static BatchItem ItemOf(string line, string place)
    {
        if (!line.StartsWith('{'))
        {
            return new BatchItem(line);
        }

        try
        {
            var item = JsonSerializer.Deserialize(line, CliJson.Default.ManifestLine)!;

            return new BatchItem(item.Source) { Name = item.Name };
        }
        catch (JsonException invalid)
        {
            throw new UsageException($"{place}: expected a source or {{ \"source\": \"...\" }}. {invalid.Message}");
        }
    }
}

[System.Text.Json.Serialization.JsonUnmappedMemberHandling(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow)]
internal sealed record ManifestLine(string Source, string? Name = null);
