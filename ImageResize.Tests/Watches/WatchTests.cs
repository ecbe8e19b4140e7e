using System.Text.Json;
using Azure.Storage.Blobs;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Watches;

/// <summary>Containers and folders that process themselves, with the running program.</summary>
public sealed class WatchTests(Azurite azurite)
{
    private const string Thumbnail = """[ { "thumbnail": { "width": 40 } } ]""";

    private readonly string _photos = Azurite.UniquePrefix();
    private readonly string _tables = Azurite.UniquePrefix();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_that_appears_in_a_folder_becomes_a_thumbnail()
    {
        await using var app = await StartAsync("in/**");

        WriteFile(app, "in/2026/a.jpg", TestImages.Jpeg(80, 60));

        await WaitAsync(app, found: 1, succeeded: 1);
        Assert.Single(Thumbnails(app));
        Assert.StartsWith("in/2026/a_40x-", Thumbnails(app)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_appears_in_a_container_becomes_a_thumbnail_beside_it()
    {
        await CreateContainerAsync();
        await using var app = await StartAsync($"blob://{_photos}/in/**");

        await WriteBlobAsync("in/a.jpg", TestImages.Jpeg(80, 60));
        await WriteBlobAsync("out/b.jpg", TestImages.Jpeg(80, 60));

        await WaitAsync(app, found: 1, succeeded: 1);
        Assert.StartsWith("resized/in/a_40x-", Assert.Single(await BlobsAsync("resized/")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thumbnails_are_never_images_of_the_watch(bool isContainer)
    {
        await CreateContainerAsync();
        await using var app = await StartAsync(isContainer ? $"blob://{_photos}/**" : "**");

        foreach (var name in (string[])["a.jpg", "b.jpg", "c.jpg"])
        {
            // Each is found by a later listing, which would also find the thumbnails of those before.
            await WriteAsync(app, isContainer, name, TestImages.Jpeg(80, 60));
            await WaitAsync(app, found: name[0] - 'a' + 1, succeeded: name[0] - 'a' + 1);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_overwritten_image_is_processed_again(bool isContainer)
    {
        await CreateContainerAsync();
        await using var app = await StartAsync(isContainer ? $"blob://{_photos}" : "/ImageResize/images");
        await WriteAsync(app, isContainer, "a.png", TestImages.Png(80, 60));
        await WaitAsync(app, found: 1, succeeded: 1);

        await WriteAsync(app, isContainer, "a.png", TestImages.Png(80, 20));

        await WaitAsync(app, found: 2, succeeded: 2);
    }

    [Fact]
    public async Task A_restart_misses_nothing_and_repeats_nothing()
    {
        await CreateContainerAsync();
        await WriteBlobAsync("a.jpg", TestImages.Jpeg(80, 60));
        await using (var app = await StartAsync($"blob://{_photos}/"))
        {
            await WaitAsync(app, found: 1, succeeded: 1);
        }

        await WriteBlobAsync("b.jpg", TestImages.Jpeg(80, 60));
        await using var next = await StartAsync($"blob://{_photos}/");

        await WaitAsync(next, found: 2, succeeded: 2);
    }

    [Fact]
    public async Task Two_instances_process_each_image_once()
    {
        await CreateContainerAsync();
        await using var first = await StartAsync($"blob://{_photos}/");
        await using var second = await StartAsync($"blob://{_photos}/");

        for (var i = 0; i < 20; i++)
        {
            await WriteBlobAsync($"{i}.jpg", TestImages.Jpeg(80, 60));
        }

        await WaitAsync(first, found: 20, succeeded: 20);
        await WaitAsync(second, found: 20, succeeded: 20);
    }

    [Fact]
    public async Task Many_images_become_few_batches()
    {
        await CreateContainerAsync();
        var image = TestImages.Png(4, 4);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 500), Token, async (i, _) => await WriteBlobAsync($"{i}.png", image));

        await using var app = await StartAsync($"blob://{_photos}/", "--ImageResize:Watches:photos:Caller=shop");
        await WaitAsync(app, found: 500, succeeded: 500);

        using var batches = JsonDocument.Parse(await app.Client.GetStringAsync("/v1/batches", Token));
        var totals = batches.RootElement.GetProperty("value").EnumerateArray().Select(batch => batch.GetProperty("total").GetInt32());
        Assert.Equal([500], totals);
    }

    [Fact]
    public async Task A_broken_image_is_counted_as_failed_and_other_files_are_ignored()
    {
        await using var app = await StartAsync("in");
        WriteFile(app, "in/a.jpg", TestImages.Jpeg(80, 60)[..200]);
        WriteFile(app, "in/b.jpg", TestImages.Jpeg(80, 60));
        WriteFile(app, "in/c.txt", [1, 2, 3]);
        WriteFile(app, "in/.d.jpg", TestImages.Jpeg(80, 60));

        await WaitAsync(app, found: 2, succeeded: 1, failed: 1);
    }

    [Fact]
    public async Task A_container_that_does_not_exist_is_an_error_until_it_does()
    {
        await using var app = await StartAsync($"blob://{_photos}/");
        var error = await Eventually.Async(async () =>
            (await ReadAsync(app)).TryGetProperty("error", out var found) ? found.GetProperty("message").GetString() : null);
        Assert.Equal("The image folder does not exist", error);

        await CreateContainerAsync();
        await WriteBlobAsync("a.jpg", TestImages.Jpeg(80, 60));

        await WaitAsync(app, found: 1, succeeded: 1);
        await Eventually.Async(async () => (await ReadAsync(app)).TryGetProperty("error", out _) ? null : "no error");
    }

    [Fact]
    public async Task A_watch_belongs_to_its_caller()
    {
        await using var app = await StartAsync("in", "--ImageResize:Watches:photos:Caller=printer");

        Assert.Equal((200, """{"watches":[]}"""), await app.GetAsync("/v1/watches"));
        using var printer = new HttpClient { BaseAddress = app.Client.BaseAddress };
        printer.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.PrinterKey);
        Assert.Contains("\"name\":\"photos\"", await printer.GetStringAsync("/v1/watches", Token), StringComparison.Ordinal);
    }

    private Task<RunningApp> StartAsync(string source, params string[] settings) => RunningApp.StartAsync(
        azurite,
        [
            $"--ImageResize:Storage:TablePrefix={_tables}",
            $"--ImageResize:Blobs:AllowedContainers={_photos}",
            $"--ImageResize:Watches:photos:Source={source}",
            $"--ImageResize:Watches:photos:Actions={Thumbnail}",
            .. settings,
        ]);

    private BlobContainerClient Container => new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient(_photos);

    private async Task CreateContainerAsync() => await Container.CreateIfNotExistsAsync(cancellationToken: Token);

    private async Task WriteBlobAsync(string name, byte[] bytes) =>
        await Container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);

    private async Task<List<string>> BlobsAsync(string prefix) =>
        await Container.GetBlobsAsync(new Azure.Storage.Blobs.Models.GetBlobsOptions { Prefix = prefix }, Token)
            .Select(blob => blob.Name).ToListAsync(Token);

    private Task WriteAsync(RunningApp app, bool isBlob, string name, byte[] bytes)
    {
        if (isBlob)
        {
            return WriteBlobAsync(name, bytes);
        }

        WriteFile(app, name, bytes);

        return Task.CompletedTask;
    }

    private static void WriteFile(RunningApp app, string name, byte[] bytes)
    {
        var path = Path.Combine(app.Images.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private static List<string> Thumbnails(RunningApp app)
    {
        var resized = Path.Combine(app.Images.Path, "resized");

        return [.. Directory.GetFiles(resized, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(resized, path))];
    }

    private static async Task<JsonElement> ReadAsync(RunningApp app)
    {
        using var watches = JsonDocument.Parse(await app.Client.GetStringAsync("/v1/watches", Token));

        return watches.RootElement.GetProperty("watches").EnumerateArray().Single().Clone();
    }

    /// <summary>Waits until as many images were found and processed, and then checks that these were all.</summary>
    private static async Task WaitAsync(RunningApp app, int found, int succeeded, int failed = 0)
    {
        var expected = $$"""{"found":{{found}},"succeeded":{{succeeded}},"failed":{{failed}},"canceled":0}""";
        await Eventually.Async(async () =>
            (await ReadAsync(app)).GetProperty("counts") is var counts
            && counts.GetProperty("found").GetInt32() >= found
            && counts.GetProperty("succeeded").GetInt32() >= succeeded
            && counts.GetProperty("failed").GetInt32() >= failed
                ? "counted"
                : null);

        Assert.Equal(expected, (await ReadAsync(app)).GetProperty("counts").GetRawText());
    }
}
