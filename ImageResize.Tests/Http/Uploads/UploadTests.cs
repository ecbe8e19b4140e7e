using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Storage;
using ImageResize.Core.Uploads;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http.Uploads;

/// <summary>/v1/images on real storage.</summary>
public sealed class UploadTests(Azurite azurite) : IAsyncLifetime
{
    private const int MaxBytes = 6_000_000;

    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await RunningApp.StartAsync(
        azurite,
        $"--ImageResize:Uploads:MaxBytes={MaxBytes}",
        "--ImageResize:Uploads:MaxParts=3",
        "--ImageResize:Imaging:MaxMeasuredMegapixels=20");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // What is taken.

    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public async Task An_image_is_stored_and_told_of(ImageFormat format)
    {
        var image = TestImages.Of(format, 120, 80);

        using var response = await PostAsync(image, "application/octet-stream");
        var body = await response.Content.ReadAsStringAsync(Token);
        var source = JsonDocument.Parse(body).RootElement.GetProperty("source").GetString()!;
        var word = format.ToString().ToLowerInvariant();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($$"""{"source":"{{source}}","width":120,"height":80,"format":"{{word}}","bytes":{{image.Length}}}""", body);
        Assert.Equal(source.Replace("upload://", "/v1/images/", StringComparison.Ordinal), response.Headers.Location!.OriginalString);
        Assert.Equal((200, body), await _app.GetAsync(response.Headers.Location.OriginalString));
        var stored = Assert.Single(await StoredAsync());
        Assert.Equal((source["upload://".Length..], image.Length, "image/" + word), (stored.Name, (int)stored.Length, stored.Type));
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("IMAGE/x-anything; charset=utf-8")]
    [InlineData(null)]
    public async Task Abuse_17_Its_bytes_and_not_its_type_say_what_it_is(string? type)
    {
        using var response = await PostAsync(TestImages.Jpeg(9, 7), type);

        Assert.Equal("jpeg", (await JsonAsync(response)).GetProperty("format").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_is_taken_up_to_the_limit_in_blocks(bool isChunked)
    {
        byte[] image = [.. TestImages.Jpeg(40, 30), .. new byte[MaxBytes]];

        using var response = await PostAsync(image[..MaxBytes], "image/jpeg", isChunked);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(MaxBytes, (await JsonAsync(response)).GetProperty("bytes").GetInt32());
    }

    [Fact]
    public async Task A_form_brings_several_images_whose_names_play_no_part()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("holiday"), "title" },
            { new ByteArrayContent(TestImages.Jpeg(40, 30)), "files", "../../x.jpg" },
            { new ByteArrayContent(TestImages.Png(20, 10)), "files", "../../x.jpg" },
        };

        using var response = await _app.Client.PostAsync("/v1/images", form, Token);
        var images = (await JsonAsync(response)).EnumerateArray().ToList();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal([(40, "jpeg"), (20, "png")], images.Select(image => (image.GetProperty("width").GetInt32(), image.GetProperty("format").GetString())));
        Assert.Equal(images[0].GetProperty("source").GetString(), response.Headers.Location!.OriginalString.Replace("/v1/images/", "upload://", StringComparison.Ordinal));
        Assert.Equal(2, (await StoredAsync()).Count);
    }

    [Fact]
    public async Task A_form_of_one_image_is_answered_as_the_image()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(TestImages.Jpeg(40, 30)), "file", "a.jpg" } };

        using var response = await _app.Client.PostAsync("/v1/images", form, Token);

        Assert.Equal(40, (await JsonAsync(response)).GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task An_upload_is_measured_and_made_a_thumbnail_of()
    {
        using var response = await PostAsync(TestImages.Jpeg(400, 300), "image/jpeg");
        var source = (await JsonAsync(response)).GetProperty("source").GetString()!;

        var measured = await _app.ResultAsync(await _app.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath={source}"));
        var resized = await _app.ResultAsync(await _app.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath={source}"));

        Assert.Equal("""{"Height":300,"Result":"Get the size of target image successfully.","Width":400}""", measured);
        var thumbnail = $"resized/web/uploads/{source["upload://".Length..]}_resized.jpg";
        Assert.Equal($$"""{"Message":"/ImageResize/images/{{thumbnail}}","Resize":true}""", resized);
        Assert.True(File.Exists(_app.Images[thumbnail]));
    }

    [Fact]
    public async Task An_upload_sent_again_with_its_key_is_stored_once()
    {
        var answers = new List<(HttpStatusCode, string)>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images") { Content = new ByteArrayContent(TestImages.Jpeg(40, 30)) };
            request.Headers.Add("Idempotency-Key", "holiday-1");
            using var response = await _app.Client.SendAsync(request, Token);
            answers.Add((response.StatusCode, await response.Content.ReadAsStringAsync(Token)));
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(HttpStatusCode.Created, answers[0].Item1);
        Assert.Single(await StoredAsync());
    }

    // What is refused.

    [Theory]
    [InlineData("image/jpeg", "", 400, "source_empty")]
    [InlineData("image/jpeg", "<html></html>", 415, "not_an_image")]
    [InlineData("image/png", "PK\u0003\u0004 a zip", 415, "not_an_image")]
    [InlineData("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_format")]
    [InlineData("image/gif", "GIF89a", 415, "not_an_image")]
    [InlineData("text/plain", "GIF89a", 415, "unsupported_media_type")]
    [InlineData("application/x-www-form-urlencoded", "a=b", 415, "unsupported_media_type")]
    [InlineData("multipart/form-data", "", 400, "invalid_request")]
    [InlineData("multipart/form-data; boundary=x", "", 400, "invalid_request")]
    [InlineData("multipart/form-data; boundary=x", "nothing of a form", 400, "invalid_request")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nGIF89a", 400, "invalid_request")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=f\r\n\r\ntext\r\n--x--\r\n", 400, "source_empty")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n\r\n--x--\r\n", 400, "source_empty")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Type: image/gif\r\nContent-Encoding: gzip\r\n\r\nGIF89a\r\n--x--\r\n", 415, "content_encoding_not_supported")]
    public async Task Abuse_17_What_is_no_image_is_refused_and_leaves_nothing(string type, string body, int status, string code)
    {
        using var response = await PostAsync(Encoding.Latin1.GetBytes(body), type);

        await AssertRefusedAsync(response, status, code);
    }

    [Fact]
    public async Task An_image_cut_in_its_header_is_refused()
    {
        using var response = await PostAsync(TestImages.Jpeg(400, 300)[..100], "image/jpeg");

        await AssertRefusedAsync(response, 415, "not_an_image");
    }

    [Fact]
    public async Task An_image_that_claims_too_many_pixels_is_refused()
    {
        using var response = await PostAsync(TestImages.Png(5_001, 4_000), "image/png");

        await AssertRefusedAsync(response, 413, "too_large");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Abuse_18_A_byte_over_the_limit_is_refused(bool isChunked)
    {
        byte[] image = [.. TestImages.Jpeg(40, 30), .. new byte[MaxBytes]];

        using var response = await PostAsync(image[..(MaxBytes + 1)], "image/jpeg", isChunked);

        await AssertRefusedAsync(response, 413, "source_too_large");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_it_is_sent()
    {
        var answer = await SendRawAsync($"POST /v1/images HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: {MaxBytes + 1}\r\n\r\n", isClosed: false);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_over_the_hosts_limit_is_refused_before_it_is_sent()
    {
        var answer = await SendRawAsync("POST /v1/images HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 104857601\r\n\r\n", isClosed: false);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"too_large\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Abuse_18_A_body_shorter_than_its_length_says_leaves_nothing()
    {
        var image = Encoding.Latin1.GetString(TestImages.Jpeg(40, 30));

        await SendRawAsync($"POST /v1/images HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: {image.Length + 1}\r\n\r\n{image}", isClosed: true);

        Assert.Empty(await StoredAsync());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task Abuse_18_An_encoded_body_is_refused(string encoding)
    {
        using var content = new ByteArrayContent(TestImages.Jpeg(40, 30));
        content.Headers.Add("Content-Encoding", encoding);

        using var response = await _app.Client.PostAsync("/v1/images", content, Token);

        await AssertRefusedAsync(response, 415, "content_encoding_not_supported");
    }

    [Fact]
    public async Task Abuse_18_Too_many_parts_are_refused_and_none_is_kept()
    {
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 4; i++)
        {
            form.Add(new ByteArrayContent(TestImages.Jpeg(40, 30)), "files", "a.jpg");
        }

        using var response = await _app.Client.PostAsync("/v1/images", form, Token);

        await AssertRefusedAsync(response, 413, "too_many_parts");
    }

    [Fact]
    public async Task A_form_with_one_bad_image_is_refused_whole()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(TestImages.Jpeg(40, 30)), "files", "a.jpg" },
            { new StringContent("no image"), "files", "b.jpg" },
        };

        using var response = await _app.Client.PostAsync("/v1/images", form, Token);

        await AssertRefusedAsync(response, 415, "not_an_image");
    }

    // Finding.

    [Theory]
    [InlineData("nonsense")]
    [InlineData("4f1c5f0e-3e0f-4b57-9d3b-0a1b2c3d4e5f")]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")]
    [InlineData("..%2F..%2Fx")]
    public async Task An_unknown_upload_is_not_found(string id)
    {
        var (status, body) = await _app.GetAsync($"/v1/images/{id}");

        Assert.Equal(404, status);
        Assert.Contains("\"code\":\"upload_not_found\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_of_today_that_nobody_made_is_not_found() =>
        Assert.Equal(404, (await _app.GetAsync($"/v1/images/{UploadId.New(DateTimeOffset.UtcNow)}")).Status);

    [Fact]
    public async Task An_upload_past_retention_has_expired()
    {
        var (status, body) = await _app.GetAsync($"/v1/images/{UploadId.New(DateTimeOffset.UtcNow.AddDays(-9))}");

        Assert.Equal(410, status);
        Assert.Contains("\"code\":\"upload_expired\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upload://nonsense", 400)]
    [InlineData("upload://0190a1b2-c3d4-7e5f-8123-456789abcdef/../x", 400)]
    [InlineData("upload://0190a1b2-c3d4-7e5f-8123-456789abcdef", 200)]
    public async Task What_names_no_upload_is_refused_before_anything_is_queued(string source, int status)
    {
        var (measured, body) = await _app.GetAsync($"/imageapi?imagePath={source}");

        Assert.Equal(status, measured);
        if (status == 200)
        {
            var job = JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString()!;
            Assert.Equal("""{"Height":-1,"Result":"Image file does not exist.","Width":-1}""", await _app.ResultAsync(job));
        }
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string? type, bool isChunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images") { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        return await _app.Client.SendAsync(request, Token);
    }

    /// <summary>Sends the bytes as they are, and gives what is answered until the server closes or says all.</summary>
    private async Task<string> SendRawAsync(string request, bool isClosed)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _app.Client.BaseAddress!.Port, Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Token);
        if (isClosed)
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }

        var answer = new StringBuilder();
        var buffer = new byte[4_096];
        while (await ReadAsync() is > 0 and var read)
        {
            answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            if (answer.ToString().Contains("\"code\"", StringComparison.Ordinal))
            {
                break;
            }
        }

        return answer.ToString();

        // Of a body that breaks off the server may want to hear nothing more: it hangs up, or resets.
        async Task<int> ReadAsync()
        {
            try
            {
                return await stream.ReadAsync(buffer, Token);
            }
            catch (IOException) when (isClosed)
            {
                return 0;
            }
        }
    }

    private async Task AssertRefusedAsync(HttpResponseMessage response, int status, string code)
    {
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(code, (await JsonAsync(response)).GetProperty("code").GetString());
        Assert.Empty(await StoredAsync());
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Token)).RootElement;

    /// <summary>All that lies in the uploads' containers of this app.</summary>
    private async Task<List<(string Name, long Length, string Type)>> StoredAsync()
    {
        var service = _app.Services.GetRequiredService<BlobServiceClient>();
        var prefix = _app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix + "-uploads-";
        var stored = new List<(string, long, string)>();
        await foreach (var container in service.GetBlobContainersAsync(prefix: prefix, cancellationToken: Token))
        {
            await foreach (var blob in service.GetBlobContainerClient(container.Name).GetBlobsAsync(cancellationToken: Token))
            {
                stored.Add((blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.ContentType));
            }
        }

        return stored;
    }
}
