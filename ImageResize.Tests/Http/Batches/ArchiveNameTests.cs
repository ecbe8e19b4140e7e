using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Core.Sources.Names;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Batches;

/// <summary>Names in archives are safe as those of files on every system, whatever the sources and jobs are called.</summary>
public sealed class ArchiveNameTests(Azurite azurite)
{
    private static readonly string[] Files =
    [
        "a:b.jpg", "a*b|c.jpg", "CON.jpg", "nul.jpg", "LPT1.jpg", "\u202Egpj.jpg", "zero\u200Bwidth.jpg", "a\u2066b.jpg", "a\u2028b.jpg",
        "trailing.jpg.", "trailing.jpg..", "trailing.jpg ", "con/a.jpg", "AUX/a.jpg", "x:y/a.jpg", "A:B.jpg",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "8")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_name_misleads_people_or_systems(bool areNamed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "NOT RUN: Windows has no files of these names.");
        await using var app = await RunningApp.StartAsync(azurite);
        Array.ForEach(Files, name => app.Images.Write(name, TestImages.Jpeg(40, 30)));
        var items = Files.Select(file => new { source = file, name = areNamed ? file : null });
        using var submitted = await app.Client.PostAsJsonAsync(
            "/v1/batches", new { items, actions = JsonDocument.Parse("""[ { "thumbnail": { "width": 20 } } ]""").RootElement }, Token);
        Assert.True(202 == (int)submitted.StatusCode, await submitted.Content.ReadAsStringAsync(Token));
        var batch = submitted.Headers.Location!.OriginalString;
        await Eventually.Async(
            async () => (await app.Client.GetStringAsync(batch, Token)).Contains("\"completed\"", StringComparison.Ordinal));

        using var bytes = new MemoryStream(await app.Client.GetByteArrayAsync($"{batch}/thumbnails.zip", Token));
        using var archive = new ZipArchive(bytes);
        var names = archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(Files.Length, names.Count);
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names.SelectMany(name => name.Split('/')), part => Assert.Equal(ImageName.Clean(part), part));
    }
}
