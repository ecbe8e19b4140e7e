using System.Collections.Concurrent;
using System.Net;
using Azure.Storage.Blobs;
using ImageResize.Client;
using ImageResize.Tests.Clients.CommandLine;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Clients;

/// <summary>Images of more than 20 MB, which clients send to storage.</summary>
public sealed class LargeUploadClientTests(Azurite azurite)
{
    private static readonly byte[] Large = [.. TestImages.Jpeg(90, 60), .. new byte[21_000_000]];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Storage => new BlobServiceClient(azurite.ConnectionString).Uri.Authority;

    [Fact]
    public async Task A_large_image_is_sent_to_storage_without_the_key()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var network = new Network();
        using var client = ClientOf(app, network);
        using var image = new MemoryStream([1, 2, 3, .. Large]) { Position = 3 };

        var upload = await client.UploadAsync(image, "large.jpg", Token);

        Assert.Equal(
            ("jpeg", 90, 60, Large.Length, "large.jpg"), (upload.Format, upload.Width, upload.Height, (int)upload.Bytes, upload.Name));
        Assert.Contains(("PUT", Storage, false), network.Sent);
        Assert.Equal(upload, await client.FindUploadAsync(upload.Source, Token));
    }

    [Fact]
    public async Task A_large_image_is_sent_to_the_service_if_storage_is_out_of_reach()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var network = new Network { Unreachable = Storage };
        using var client = ClientOf(app, network);
        using var image = new MemoryStream(Large);

        var upload = await client.UploadAsync(image, "large.jpg", Token);

        Assert.Equal(Large.Length, upload.Bytes);
        Assert.Contains(("POST", app.Client.BaseAddress!.Authority, true), network.Sent);
    }

    [Fact]
    public async Task A_large_file_that_is_no_image_is_refused()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var client = ClientOf(app, new Network());
        using var zeros = new MemoryStream(new byte[21_000_000]);

        var refusal = await Assert.ThrowsAsync<ImageResizeException>(() => client.UploadAsync(zeros, "zeros.jpg", Token));

        Assert.Equal(("not_an_image", HttpStatusCode.UnsupportedMediaType), (refusal.Code, refusal.StatusCode));
    }

    [Fact]
    public async Task The_command_line_makes_a_thumbnail_of_a_large_file()
    {
        await using var app = await RunningApp.StartAsync(
            azurite, "--ImageResize:Uploads:MaxBytes=150000000", "--ImageResize:Sources:MaxBytes=150000000");
        using var program = new CommandLineProgram(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        folder.Write("large.jpg", [.. TestImages.Jpeg(90, 60), .. new byte[110_000_000]]);

        var result = await program.RunAsync("batch", folder.Path, "--width", "40", "--height", "40", "--out", folder["out"], "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(1, result.Json.GetProperty("saved").GetInt32());
        using var thumbnail = Picture.Of(await File.ReadAllBytesAsync(folder["out/large.jpg"], Token));
        Assert.Equal((40, 27), (thumbnail.Width, thumbnail.Height));
    }

    private static ImageResizeClient ClientOf(RunningApp app, Network network) => new(
        new HttpClient(network), new ImageResizeClientOptions { Address = app.Client.BaseAddress!, Key = Secrets.ShopKey });

    /// <summary>Records method, host, and whether there was a key. One host can be out of reach.</summary>
    private sealed class Network() : DelegatingHandler(ImageResizeClient.CreateHandler())
    {
        public string? Unreachable { get; init; }

        public ConcurrentQueue<(string Method, string Host, bool HasKey)> Sent { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var host = request.RequestUri!.Authority;
            Sent.Enqueue((request.Method.Method, host, request.Headers.Contains("x-functions-key")));

            return host == Unreachable
                ? throw new HttpRequestException("No route to host")
                : base.SendAsync(request, cancellationToken);
        }
    }
}
