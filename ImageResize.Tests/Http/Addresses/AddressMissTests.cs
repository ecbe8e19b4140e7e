using System.Net;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http.Addresses;

/// <summary>Many requests for a thumbnail that is not stored, at two instances.</summary>
public sealed class AddressMissTests(Azurite azurite)
{
    private const int Requests = 500;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_thousand_requests_at_two_instances_decode_the_image_once(bool isBlob)
    {
        using var images = new TemporaryFolder();
        images.Write("cat.jpg", TestImages.Jpeg(1600, 1200));
        var made = new CountingThumbnailer();
        string[] shared =
        [
            .. AddressApi.Settings,
            $"--ImageResize:Sources:ImagesRoot={images.Path}",
            $"--ImageResize:Thumbnails:OutputContainer={(isBlob ? Azurite.UniquePrefix() : "")}",
        ];
        await using var one = await StartAsync(made, shared);
        await using var other = await StartAsync(made, shared);
        using var atOne = new AddressApi(one);
        using var atOther = new AddressApi(other);
        var address = AddressApi.Sign("w_100", "cat.jpg");

        var sent = Enumerable.Range(0, 2 * Requests).Select(i => ReadAsync(i % 2 == 0 ? atOne : atOther, address));
        var answers = await Task.WhenAll(sent);

        var (status, length) = Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(length > 0);
        Assert.Equal(1, made.Count);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_costs_only_the_copy()
    {
        await using var app = await RunningApp.StartAsync(azurite, AddressApi.Settings);
        using var api = new AddressApi(app);
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        app.Images.Write("resized", [1]);

        var (status, _) = await ReadAsync(api, AddressApi.Sign("w_100", "cat.jpg"));

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_recent_thumbnail_is_sent_from_memory()
    {
        var made = new CountingThumbnailer();
        await using var app = await StartAsync(made, AddressApi.Settings);
        using var api = new AddressApi(app);
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var address = AddressApi.Sign("w_100", "cat.jpg");

        var first = await ReadAsync(api, address);
        Directory.Delete(app.Images["resized"], recursive: true);

        Assert.Equal(first, await ReadAsync(api, address));
        Assert.Equal((HttpStatusCode.OK, 1), (first.Status, made.Count));
    }

    [Fact]
    public async Task Without_a_cache_in_memory_thumbnails_are_read_from_the_store()
    {
        var made = new CountingThumbnailer();
        await using var app = await StartAsync(made, [.. AddressApi.Settings, "--ImageResize:Addresses:CacheMegabytes=0"]);
        using var api = new AddressApi(app);
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var address = AddressApi.Sign("w_100", "cat.jpg");

        var first = await ReadAsync(api, address);
        var second = await ReadAsync(api, address);
        Directory.Delete(app.Images["resized"], recursive: true);
        var third = await ReadAsync(api, address);

        Assert.Equal((first, first, 2), (second, third, made.Count));
    }

    [Fact]
    public async Task A_refused_image_is_decoded_once_until_it_changes()
    {
        var made = new CountingThumbnailer();
        await using var app = await StartAsync(made, AddressApi.Settings);
        using var api = new AddressApi(app);
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300)[..400]);
        var address = AddressApi.Sign("w_100", "cat.jpg");

        var refused = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(api, address)));
        var again = await ReadAsync(api, address);
        var decoded = made.Count;
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));
        var (repaired, _) = await ReadAsync(api, address);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, 1), (again.Status, decoded));
        Assert.All(refused, answer => Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status));
        Assert.Equal(HttpStatusCode.OK, repaired);
    }

    [Fact]
    public async Task Thumbnails_count_as_bytes_of_the_signer()
    {
        await using var app = await RunningApp.StartAsync(azurite, [.. AddressApi.Settings, "--ImageResize:Limits:BytesPerDay=10"]);
        using var api = new AddressApi(app);
        app.Images.Write("cat.jpg", TestImages.Jpeg(400, 300));

        var (first, _) = await ReadAsync(api, AddressApi.Sign("w_100", "cat.jpg"));
        var (second, _) = await ReadAsync(api, AddressApi.Sign("w_101", "cat.jpg"));
        var (known, _) = await ReadAsync(api, AddressApi.Sign("w_100", "cat.jpg"));
        var (other, _) = await ReadAsync(api, AddressApi.Sign("w_101", "cat.jpg", AddressApi.PrinterKey));

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.OK), (first, second, known, other));
    }

    private Task<RunningApp> StartAsync(CountingThumbnailer made, string[] settings) => RunningApp.StartAsync(
        azurite.ConnectionString, services => services.AddSingleton<IThumbnailer>(made), settings);

    private static async Task<(HttpStatusCode Status, long Length)> ReadAsync(AddressApi api, string address)
    {
        using var response = await api.SendAsync(address);

        return (response.StatusCode, (await response.Content.ReadAsByteArrayAsync(Token)).Length);
    }

    private sealed class CountingThumbnailer : IThumbnailer
    {
        private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));
        private int _count;

        public int Count => _count;

        public ImageSize Measure(Stream source) => _thumbnailer.Measure(source);

        public IReadOnlyList<Thumbnail>? TryMakeManaged(
            ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);

            return ((IThumbnailer)_thumbnailer).TryMakeManaged(source, specs, cancellationToken);
        }

        public IReadOnlyList<Thumbnail> Make(
            ReadOnlyMemory<byte> source, IReadOnlyList<ThumbnailSpec> specs, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A JPEG is made by managed code.");
    }
}
