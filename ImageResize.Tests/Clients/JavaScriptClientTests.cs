using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Clients;

/// <summary>The JavaScript client, by its example.</summary>
public sealed class JavaScriptClientTests(Azurite azurite)
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Find()!, "clients", "typescript");

    [Fact]
    public async Task The_example_uploads_images_follows_their_batch_and_saves_thumbnails()
    {
        var token = TestContext.Current.CancellationToken;
        await using var app = await RunningApp.StartAsync(azurite);
        using var images = new TemporaryFolder();
        var (first, second) = (images.Write("a.jpg", TestImages.Jpeg()), images.Write("b.png", TestImages.Png()));

        // Without a key, as a developer.
        var result = await Tool.RunAsync(
            "node", ["example.js", app.Client.BaseAddress!.AbsoluteUri, first, second], Folder, token);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.EndsWith($"2 of 2\n64 x 64  {first}.webp\n64 x 64  {second}.webp", result.Output, StringComparison.Ordinal);
        using var thumbnail = Picture.Of(await File.ReadAllBytesAsync(second + ".webp", token));
        Assert.Equal((64, 64), (thumbnail.Width, thumbnail.Height));
    }

    [Fact]
    public async Task The_example_gives_thumbnails_the_names_of_their_images_when_another_image_fails()
    {
        var token = TestContext.Current.CancellationToken;
        await using var app = await RunningApp.StartAsync(azurite);
        using var images = new TemporaryFolder();
        var damaged = images.Write("a.jpg", TestImages.Jpeg(800, 600)[..2_000]);
        var good = images.Write("b.png", TestImages.Png());

        var result = await Tool.RunAsync("node", ["example.js", app.Client.BaseAddress!.AbsoluteUri, damaged, good], Folder, token);

        Assert.StartsWith($"{damaged}: ", result.Errors, StringComparison.Ordinal);
        Assert.Equal([damaged, good, good + ".webp"], Directory.GetFiles(images.Path).Order(StringComparer.Ordinal));
    }
}
