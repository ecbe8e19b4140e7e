namespace ImageResize.OpenApi;

/// <summary>Writes docs/openapi.json and docs/openapi.yaml: <c>dotnet run --project ImageResize.OpenApi</c> in the repository.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var folder = args is [{ } given] ? given : "docs";
        if (!Directory.Exists(folder))
        {
            await Console.Error.WriteLineAsync($"There is no folder {folder}. Run this in the root of the repository.");

            return 1;
        }

        var document = await ApiDocument.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), ApiDocument.ToJson(document));
        await File.WriteAllTextAsync(Path.Combine(folder, "openapi.yaml"), YamlText.Of(document));

        return 0;
    }
}
