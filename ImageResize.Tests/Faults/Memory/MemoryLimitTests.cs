using System.Net;
using System.Text;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Faults.Memory;

/// <summary>
/// One caller attacks the program, which has 1 GiB of memory: it neither ends nor answers 500, and another caller's job is done.
/// Short forms of bench/fairness.
/// </summary>
public sealed class MemoryLimitTests(Azurite azurite)
{
    /// <summary>With its row header, 48 MB as a BMP.</summary>
    private const int LargeSide = 4_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thirty_huge_bodies_at_once_are_refused()
    {
        await using var rig = await MemoryLimitRig.StartAsync(azurite);
        var job = $$"""{"source":"one.jpg","actions":[{{Many("{}", 3_000_000)}}]}""";
        var batch = $$"""{"items":[{{Many("0", 7_000_000)}}]}""";

        var statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
            i % 3 == 0 ? rig.PostAsync("/v1/batches", batch) : rig.PostAsync("/v1/jobs", job)));

        Assert.All(statuses, status => Assert.True(
            status is null or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.TooManyRequests,
            $"A body was answered {status}."));
        await rig.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Large_images_with_many_large_thumbnails_are_done_one_after_another()
    {
        await using var rig = await MemoryLimitRig.StartAsync(azurite);
        File.WriteAllBytes(rig.PathOf("large.bmp"), TestBmp.Rgb24(new byte[LargeSide * LargeSide * 3], LargeSide, LargeSide));
        var thumbnails = Enumerable.Range(0, 4).Select(i => new { thumbnail = new { width = 3_790 - i } }).ToArray();

        var jobs = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => rig.SubmitAsync("large.bmp", thumbnails)));

        await rig.AssertUnharmedAsync();
        Assert.All(await Task.WhenAll(jobs.Select(rig.EndAsync)), state => Assert.Equal("succeeded", state));
    }

    [Fact]
    public async Task Thirty_callers_that_read_nothing_of_a_large_thumbnail_hold_little()
    {
        await using var rig = await MemoryLimitRig.StartAsync(azurite);
        File.WriteAllBytes(rig.PathOf("large.bmp"), TestBmp.Rgb24(new byte[LargeSide * LargeSide * 3], LargeSide, LargeSide));
        var job = await rig.SubmitAsync("large.bmp", [new { thumbnail = new { width = 3_990 } }]);
        Assert.Equal("succeeded", await rig.EndAsync(job));

        var readers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => rig.GetUnreadAsync($"/v1/jobs/{job}/thumbnails/0")));

        await rig.AssertUnharmedAsync();
        Assert.All(readers, reader => reader.Dispose());
    }

    [Fact]
    public async Task Images_with_millions_of_parts_are_refused_or_described_at_once()
    {
        await using var rig = await MemoryLimitRig.StartAsync(azurite);
        byte[] jpeg = [0xFF, 0xD8, .. Enumerable.Repeat<byte[]>([0xFF, 0xFE, 0, 2], 5_000_000).SelectMany(bytes => bytes)];
        var tiff = TestTiff.WithPages(TestImages.Tiff(40, 30), 200_000);

        var refused = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => rig.UploadAsync(jpeg)));
        var (status, upload) = await rig.UploadAsync(tiff);
        var described = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => rig.Client.GetAsync(upload, Token)));

        Assert.All(refused, answer => Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status));
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.All(described, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await rig.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Images_of_stalled_web_servers_hold_neither_memory_nor_the_places_of_other_jobs()
    {
        var stalled = 0;
        await using var server = new StubServer();
        var settings = new Dictionary<string, string>
        {
            ["ImageResize__Web__TimeoutSeconds"] = "600",
            ["ImageResize__Web__IdleTimeoutSeconds"] = "600",
        };
        await using var rig = await MemoryLimitRig.StartAsync(azurite, settings, server);
        server.Pages["/stalled.bmp"] = async (stream, cancellationToken) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: image/bmp\r\n\r\n"), cancellationToken);
            await stream.WriteAsync(TestBmp.Rgb24(new byte[500 * 500 * 3], 500, 500).AsMemory(0, 700_000), cancellationToken);
            Interlocked.Increment(ref stalled);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        var jobs = new List<string>();
        for (var i = 0; i < 80; i++)
        {
            jobs.Add(await rig.SubmitAsync($"http://host-{i % 20}.example/stalled.bmp", [new { thumbnail = new { width = 100 } }]));
        }

        await Eventually.Async(() => Volatile.Read(ref stalled) == 80);

        await rig.AssertUnharmedAsync();
        Assert.All(await Task.WhenAll(jobs.Select(rig.GetStateAsync)), state => Assert.Equal("queued", state));
    }

    [Fact]
    public async Task Jobs_and_batches_of_many_large_AVIFs_let_another_callers_job_pass()
    {
        await using var rig = await MemoryLimitRig.StartAsync(azurite);
        File.WriteAllBytes(rig.PathOf("photo.jpg"), TestImages.Jpeg(2_000, 1_500));
        var avifs = Enumerable.Range(0, 17).Select(i => new { thumbnail = new { width = 1_900 - i, format = "avif" } }).ToArray();
        var items = string.Join(',', Enumerable.Repeat("""{"source":"photo.jpg"}""", 200));

        var jobs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => rig.SubmitAsync("photo.jpg", avifs)));
        var batch = await rig.PostAsync(
            "/v1/batches", $$"""{"items":[{{items}}],"actions":[ { "thumbnail": { "width": 1900, "format": "avif" } } ]}""");

        Assert.Equal(HttpStatusCode.Accepted, batch);
        await rig.AssertUnharmedAsync();
        Assert.Contains("queued", await Task.WhenAll(jobs.Select(rig.GetStateAsync)));
    }

    [Fact]
    public async Task Unfinished_requests_of_another_address_leave_connections_for_a_caller()
    {
        var settings = new Dictionary<string, string>
        {
            ["ImageResize__Limits__MaxConnections"] = "200",
            ["ImageResize__Limits__ConnectionsPerAddress"] = "100",
        };
        await using var rig = await MemoryLimitRig.StartAsync(azurite, settings);

        var strangers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => rig.TryHoldAsync(from: "127.0.0.2")));

        await rig.AssertUnharmedAsync();
        Assert.All(strangers, stranger => stranger?.Dispose());
    }

    private static string Many(string json, int count) => string.Join(',', Enumerable.Repeat(json, count));
}
