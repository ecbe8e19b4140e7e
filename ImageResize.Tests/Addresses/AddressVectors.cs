using System.Text.Json;
using ImageResize.Functions.Hosting;

namespace ImageResize.Tests.Addresses;

/// <summary>The test vectors of docs/addresses.md.</summary>
internal static class AddressVectors
{
    private const string Start = "```json\n";

    private static readonly JsonElement Published = Read();

    public static string Key => Published.GetProperty("key").GetString()!;

    public static IReadOnlyList<AddressVector> All { get; } =
    [
        .. Published.GetProperty("vectors").EnumerateArray()
            .Select(vector => vector.Deserialize<AddressVector>(JsonSerializerOptions.Web)!),
    ];

    private static JsonElement Read()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Find()!, "docs", "addresses.md"));
        var start = page.LastIndexOf(Start, StringComparison.Ordinal) + Start.Length;

        return JsonDocument.Parse(page[start..page.IndexOf("\n```", start, StringComparison.Ordinal)]).RootElement;
    }
}

/// <param name="Thumbnail">The options as the API names them.</param>
/// <param name="Expires">In seconds since 1970; null if the address is valid without end.</param>
/// <param name="Signed">The text of which the signature is made.</param>
/// <param name="Address">From <c>/t/</c>.</param>
internal sealed record AddressVector(string Source, JsonElement Thumbnail, long? Expires, string Signed, string Address)
{
    /// <summary>Signature, options and source of the address.</summary>
    public string[] Parts => Address["/t/".Length..].Split('/', 3);
}
