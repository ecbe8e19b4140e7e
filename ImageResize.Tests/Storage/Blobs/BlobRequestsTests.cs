using System.Buffers.Binary;
using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Memory;
using ImageResize.Core.Retention;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Blobs;
using ImageResize.Core.Uploads;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;
using ImageResize.Tests.Support.Storage;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Storage.Blobs;

/// <summary>How many requests and bytes it takes to measure a blob, to read a whole blob and to store an upload.</summary>
public sealed class BlobRequestsTests
{
    private const int KiB = 1024;

    private static readonly Thumbnailer Thumbnailer = new(Options.Create(new ImagingOptions()));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Measuring_a_blob_reads_no_more_than_its_header_needs()
    {
        using var noise = Image.Gaussnoise(2_000, 1_500).Cast(Enums.BandFormat.Uchar);
        using var turned = noise.Mutate(changed => changed.Set(GValue.GIntType, "orientation", 6));
        var jpeg = noise.JpegsaveBuffer(q: 95);
        (string Name, byte[] Bytes, Cost Most)[] images =
        [
            ("plain.jpg", jpeg, new Cost(1, 32 * KiB)),
            ("exif.jpg", WithSegments(jpeg, 0xE1, "Exif\0\0II*\0\b\0\0\0\0\0\0\0\0\0"u8, 1), new Cost(2, 96 * KiB)),
            ("many.jpg", WithSegments(jpeg, 0xE2, "MPF\0"u8, 8), new Cost(5, 992 * KiB)),
            ("plain.png", noise.PngsaveBuffer(), new Cost(1, 32 * KiB)),
            ("text.png", WithText(noise.PngsaveBuffer(), 1_000_000), new Cost(2, 96 * KiB)),
            ("plain.gif", noise.GifsaveBuffer(), new Cost(1, 32 * KiB)),
            ("plain.webp", noise.WebpsaveBuffer(q: 95, keep: Enums.ForeignKeep.None), new Cost(1, 32 * KiB)),
            ("turned.webp", turned.WebpsaveBuffer(q: 95), new Cost(2, 96 * KiB)),
            ("end.tif", noise.TiffsaveBuffer(), new Cost(2, 96 * KiB)),
            ("plain.avif", Avif(noise), new Cost(1, 32 * KiB)),
        ];
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        var traffic = new Traffic();
        var rig = await BlobRig.CreateAsync(traffic.Open(azurite.ConnectionString));

        foreach (var (name, bytes, _) in images)
        {
            await rig.WriteAsync(name, bytes);
            await using var stream = await rig.Source.OpenAsync(rig.Place(name), Token);
            var size = Thumbnailer.Measure(stream);
            var orientation = name.StartsWith("turned", StringComparison.Ordinal) ? 6 : 1;
            Assert.Equal((2_000, 1_500, orientation), (size.Width, size.Height, size.Orientation));
        }

        Assert.All(
            images,
            image => Assert.True(image.Bytes.Length > 2 * image.Most.Bytes, $"{image.Name} has only {image.Bytes.Length} bytes."));
        Assert.All(images, image => Assert.True(
            traffic.Of(image.Name) is var cost && cost.Requests <= image.Most.Requests && cost.Bytes <= image.Most.Bytes,
            $"{image.Name} cost {traffic.Of(image.Name)}."));
        await azurite.StopAsync();
        Assert.Equal(
            images.Sum(image => traffic.Of(image.Name).Requests),
            azurite.Requests.Count(line => line.Contains($"\"GET /devstoreaccount1/{rig.Name}/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30_000)]
    [InlineData(6_000_000)]
    public async Task A_whole_blob_takes_one_request(int length)
    {
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        var rig = await BlobRig.CreateAsync(azurite.ConnectionString);
        await rig.WriteAsync("a.jpg", new byte[length]);
        var reader = new SourceReader([rig.Source], Options.Create(new SourcesOptions()), new MemoryBudget(300_000_000));

        using (var whole = await reader.ReadAsync(rig.Place("a.jpg"), MemoryTurn.None, Token))
        {
            Assert.Equal(length, whole.Bytes.Length);
        }

        await azurite.StopAsync();
        Assert.Single(azurite.Requests, line => line.Contains($"\"GET /devstoreaccount1/{rig.Name}/a.jpg", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1_000_000, 1, 0)]
    [InlineData(1_048_576, 3, 1)]
    [InlineData(5_000_000, 4, 1)]
    public async Task An_upload_below_a_megabyte_is_measured_and_stored_by_one_request(int length, int puts, int gets)
    {
        await using var azurite = await PrivateAzurite.StartAsync(Token);
        using var guard = new GuardRig();
        var store = new BlobUploads(
            StorageAccount.ByConnectionString(azurite.ConnectionString).OpenBlobs(),
            Options.Create(new StorageOptions()));
        var regions = Options.Create(new RegionOptions());
        var retention = new RetentionPolicy(Options.Create(new RetentionOptions()), TimeProvider.System);
        var source = new UploadSource(store, new NoPendingUploads(), regions, Options.Create(new ThumbnailOptions()), retention);
        var reader = new UploadReader(source, store, guard.Thumbnailer);
        var ids = new IdGenerator(regions, TimeProvider.System);
        var uploader = new Uploader(
            store, reader, guard.Thumbnailer, ids, Options.Create(new UploadOptions()), Options.Create(new ImagingOptions()));
        var image = TestImages.Jpeg(40, 30);
        byte[] bytes = [.. image, .. new byte[Math.Max(0, length - image.Length)]];
        new Random(7).NextBytes(bytes.AsSpan(image.Length));

        var upload = await uploader.AddAsync(new ForwardStream(bytes, atOnce: 10_000), name: null, Token);

        Assert.Equal(new Upload(upload.Id, new ImageSize(40, 30, 1, ImageFormat.Jpeg), bytes.Length), upload);
        await using var stored = await store.FindAsync(upload.Id, isWhole: true, Token);
        using var read = new MemoryStream();
        await stored!.CopyToAsync(read, Token);
        Assert.True(bytes.AsSpan().SequenceEqual(read.ToArray()));
        await azurite.StopAsync();
        const int reading = 1;
        Assert.Equal((puts, gets + reading), (Requests("PUT"), Requests("GET")));

        int Requests(string method) => azurite.Requests.Count(line =>
            line.Contains($"\"{method} ", StringComparison.Ordinal) && line.Contains(upload.Id.ToString(), StringComparison.Ordinal));
    }

    private static byte[] Avif(Image image) =>
        image.HeifsaveBuffer(q: 90, compression: Enums.ForeignHeifCompression.Av1, effort: 0, keep: Enums.ForeignKeep.None);

    /// <summary>Puts application segments of the longest length behind the start of a JPEG.</summary>
    private static byte[] WithSegments(byte[] jpeg, byte marker, ReadOnlySpan<byte> start, int count)
    {
        var segment = new byte[2 + ushort.MaxValue];
        (segment[0], segment[1], segment[2], segment[3]) = (0xFF, marker, 0xFF, 0xFF);
        start.CopyTo(segment.AsSpan(4));

        return [.. jpeg[..2], .. Enumerable.Repeat(segment, count).SelectMany(bytes => bytes), .. jpeg[2..]];
    }

    /// <summary>Inserts a text before the pixels of a PNG. Its checksum is wrong, because it must not be read.</summary>
    private static byte[] WithText(byte[] png, int length)
    {
        var chunk = new byte[12 + length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, length);
        "tEXtComment\0"u8.CopyTo(chunk.AsSpan(4));
        const int afterHeader = 8 + 25;

        return [.. png[..afterHeader], .. chunk, .. png[afterHeader..]];
    }

    private readonly record struct Cost(int Requests, long Bytes);

    /// <summary>Counts what the blob client is sent, by the name of the blob.</summary>
    private sealed class Traffic : HttpPipelineSynchronousPolicy
    {
        private readonly ConcurrentDictionary<string, Cost> _costs = new();

        public BlobServiceClient Open(string connectionString)
        {
            var options = new BlobClientOptions();
            options.AddPolicy(this, HttpPipelinePosition.PerRetry);

            return new BlobServiceClient(connectionString, options);
        }

        public Cost Of(string name) => _costs[name];

        public override void OnReceivedResponse(HttpMessage message)
        {
            if (message.Request.Method == RequestMethod.Get)
            {
                var cost = new Cost(1, message.Response.Headers.ContentLengthLong ?? 0);
                _costs.AddOrUpdate(
                    message.Request.Uri.Path.Split('/')[^1],
                    cost,
                    (_, sum) => new Cost(sum.Requests + 1, sum.Bytes + cost.Bytes));
            }
        }
    }
}
