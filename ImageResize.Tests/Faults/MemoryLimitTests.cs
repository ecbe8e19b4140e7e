using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Faults;

/// <summary>
/// One caller does its worst while the program has 1 GiB of memory: it neither ends nor answers 500, and another caller's job is done.
/// Short forms of bench/fairness.
/// </summary>
public sealed class MemoryLimitTests(Azurite azurite)
{
    private const long Gibibyte = 1L << 30;

    /// <summary>With its row header, 48 MB as a BMP.</summary>
    private const int LargeSide = 4_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thirty_huge_bodies_at_once_are_refused()
    {
        await using var rig = await Rig.StartAsync(azurite);
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
        await using var rig = await Rig.StartAsync(azurite);
        File.WriteAllBytes(rig.PathOf("large.bmp"), TestBmp.Rgb24(new byte[LargeSide * LargeSide * 3], LargeSide, LargeSide));
        var thumbnails = Enumerable.Range(0, 4).Select(i => new { thumbnail = new { width = 3_790 - i } }).ToArray();

        var jobs = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => rig.SubmitAsync("large.bmp", thumbnails)));

        await rig.AssertUnharmedAsync();
        Assert.All(await Task.WhenAll(jobs.Select(rig.EndAsync)), state => Assert.Equal("succeeded", state));
    }

    [Fact]
    public async Task Thirty_callers_that_read_nothing_of_a_large_thumbnail_hold_little()
    {
        await using var rig = await Rig.StartAsync(azurite);
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
        await using var rig = await Rig.StartAsync(azurite);
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

    private static string Many(string json, int count) => string.Join(',', Enumerable.Repeat(json, count));

    /// <summary>The program with an image and 1 GiB.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private readonly TemporaryFolder _images = new();
        private readonly MemoryCgroup _group = MemoryCgroup.Create(Gibibyte);
        private StartedProgram _program = null!;

        public HttpClient Client => _program.Client;

        public static async Task<Rig> StartAsync(Azurite azurite)
        {
            var rig = new Rig();
            rig._images.Write("one.jpg", TestImages.Jpeg(40, 30));
            rig._program = await StartedProgram.StartAsync(azurite, rig._images.Path, group: rig._group);

            return rig;
        }

        public string PathOf(string name) => Path.Combine(_images.Path, name);

        /// <returns>Null if the program closed the connection before the body was sent.</returns>
        public async Task<HttpStatusCode?> PostAsync(string address, string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
            request.Headers.ExpectContinue = true;
            try
            {
                using var response = await Client.SendAsync(request, Token);

                return response.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }

        /// <returns>The status and the address of the upload.</returns>
        public async Task<(HttpStatusCode Status, Uri? Location)> UploadAsync(byte[] image)
        {
            using var content = new ByteArrayContent(image);
            content.Headers.ContentType = new("image/x");
            using var response = await Client.PostAsync("/v1/images", content, Token);

            return (response.StatusCode, response.Headers.Location);
        }

        public async Task<string> SubmitAsync(string source, object[] actions)
        {
            using var response = await Client.PostAsJsonAsync("/v1/jobs", new { source, actions }, Token);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);

            return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
        }

        /// <returns>The final state of a job.</returns>
        public Task<string> EndAsync(string job) => Eventually.Async(
            async () =>
            {
                var reply = await Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{job}?wait=20", Token);

                return reply.GetProperty("state").GetString() is not "queued" and var state ? state : null;
            },
            within: TimeSpan.FromMinutes(4));

        /// <summary>Sends a request and reads nothing of the response.</summary>
        public Task<RawRequest> GetUnreadAsync(string address) =>
            RawRequest.SendAsync(Client.BaseAddress!, $"GET {address} HTTP/1.1\nHost: x\n\n");

        public async Task AssertUnharmedAsync()
        {
            Assert.Equal("succeeded", await EndAsync(await SubmitAsync("one.jpg", [new { thumbnail = new { width = 20 } }])));
            Assert.False(_program.HasExited, "The program ended.");
        }

        public async ValueTask DisposeAsync()
        {
            await _program.DisposeAsync();
            _group.Dispose();
            _images.Dispose();
        }
    }
}
