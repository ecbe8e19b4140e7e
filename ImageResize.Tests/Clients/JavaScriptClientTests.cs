using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Clients;

/// <summary>The JavaScript client, by its example, and against a server that fails.</summary>
public sealed class JavaScriptClientTests(Azurite azurite)
{
    private const string Failures = """
        import { createServer } from "node:http";
        import { ImageResizeClient } from "./client.js";

        const answers = [
          [429, { "Retry-After": "0" }, { code: "too_many_requests" }],
          [503, { "Retry-After": "0" }, { code: "storage_unavailable" }],
          [202, {}, { id: "b1" }],
          [400, {}, { code: "invalid_items", items: [{ item: 3, code: "invalid_source", message: "Give a source." }] }],
          [501, {}, { code: "unexpected", detail: "Not offered." }],
          [401, {}, null],
        ];
        const keys = [];
        const server = createServer((request, response) => {
          const [status, headers, body] = answers.shift();
          keys.push(`${request.headers["x-functions-key"]} ${request.headers["idempotency-key"]}`);
          response.writeHead(status, headers).end(body && JSON.stringify(body));
        }).listen(0, "127.0.0.1", async () => {
          const address = `http://127.0.0.1:${server.address().port}`;
          const client = new ImageResizeClient({ address, key: "secret" });
          const { id } = await client.submitBatch({ items: [] });
          console.log(id, keys.length, new Set(keys).size, keys[0].startsWith("secret "));
          const acts = [() => client.submitBatch({ items: [] }), () => client.measure("a.jpg"), () => client.getBatch("b1")];
          for (const act of acts) {
            await act().catch(({ status, code, message }) => console.log(status, code, message));
          }
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
          const late = new ImageResizeClient({ address, maxRetrySeconds: 0 });
          await late.getBatch("b1").catch(({ status, code, message }) => console.log(status, code, message));
        });
        """;

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

    [Fact]
    public async Task Requests_are_repeated_as_the_service_asks_and_failures_say_what_is_wrong()
    {
        var token = TestContext.Current.CancellationToken;

        var result = await Tool.RunAsync("node", ["--input-type=module", "--eval", Failures], Folder, token);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(
            """
            b1 3 1 true
            400 invalid_items Item 3: Give a source.
            501 unexpected Not offered.
            401 unexpected The key is missing or not valid.
            0 unreachable The service doesn't answer.
            """,
            result.Output,
            ignoreLineEndingDifferences: true);
    }
}
