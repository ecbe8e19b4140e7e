using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Uploads;

public sealed class RefusedUploadTests(Azurite azurite) : UploadApi(azurite)
{
    private readonly Azurite _azurite = azurite;

    [Trait("Abuse", "17")]
    [Theory]
    [InlineData("image/jpeg", "", 400, "source_empty")]
    [InlineData("image/jpeg", "<html></html>", 415, "not_an_image")]
    [InlineData("image/png", "PK\u0003\u0004 a zip", 415, "not_an_image")]
    [InlineData("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_format")]
    [InlineData("image/gif", "GIF89a", 415, "not_an_image")]
    [InlineData("text/plain", "GIF89a", 415, "unsupported_media_type")]
    [InlineData("application/x-www-form-urlencoded", "a=b", 415, "not_an_image")]
    [InlineData("multipart/form-data", "", 400, "invalid_request")]
    public async Task Data_that_is_not_an_image_is_refused_and_not_kept(string type, string body, int status, string code)
    {
        using var response = await PostAsync(Encoding.Latin1.GetBytes(body), type);

        await AssertRefusedAsync(response, status, code);
    }

    [Trait("Abuse", "17")]
    [Theory]
    [InlineData("", 400, "invalid_request")]
    [InlineData("nothing of a form", 400, "invalid_request")]
    [InlineData("--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nGIF89a", 400, "invalid_request")]
    [InlineData("--x\r\nContent-Disposition: form-data; name=f\r\n\r\ntext\r\n--x--\r\n", 400, "source_empty")]
    [InlineData("--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n\r\n--x--\r\n", 400, "source_empty")]
    [InlineData(
        "--x\r\nContent-Type: image/gif\r\nContent-Encoding: gzip\r\n\r\nGIF89a\r\n--x--\r\n", 415, "content_encoding_not_supported")]
    public async Task A_form_without_a_valid_image_is_refused_and_not_kept(string form, int status, string code)
    {
        using var response = await PostAsync(Encoding.Latin1.GetBytes(form), "multipart/form-data; boundary=x");

        await AssertRefusedAsync(response, status, code);
    }

    [Fact]
    public async Task A_form_is_refused_with_the_number_of_the_wrong_part()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(TestImages.Jpeg(30, 20)), "a", "a.jpg" },
            { new ByteArrayContent("no image"u8.ToArray()), "b", "b.jpg" },
        };
        using var response = await App.Client.PostAsync("/v1/images", form, Token);

        Assert.Contains("Part 2 of the form: The upload is not", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_500)]
    [InlineData(4_000)]
    public async Task An_image_that_no_job_could_use_is_refused_at_the_upload(int side)
    {
        await using var app = await RunningApp.StartAsync(_azurite, "--ImageResize:Imaging:MaxMegapixels=1");
        using var image = TestImages.Noise(side, 1_000);
        using var response = await app.Client.PostAsync(
            "/v1/images", new ByteArrayContent(image.JpegsaveBuffer()) { Headers = { ContentType = new("image/jpeg") } }, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("the limit is 1 megapixels", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_truncated_in_its_header_is_refused()
    {
        using var response = await PostAsync(TestImages.Jpeg(400, 300)[..100], "image/jpeg");

        await AssertRefusedAsync(response, 415, "not_an_image");
    }

    [Fact]
    public async Task An_image_that_declares_too_many_pixels_is_refused()
    {
        using var response = await PostAsync(TestImages.Png(5_001, 4_000), "image/png");

        await AssertRefusedAsync(response, 413, "too_large");
    }

    [Trait("Abuse", "18")]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_one_byte_over_the_limit_is_refused(bool isChunked)
    {
        byte[] image = [.. TestImages.Jpeg(40, 30), .. new byte[MaxBytes]];

        using var response = await PostAsync(image[..(MaxBytes + 1)], "image/jpeg", isChunked);

        await AssertRefusedAsync(response, 413, "source_too_large");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_it_is_sent()
    {
        var answer = await SendRawAsync(Head("image/jpeg", MaxBytes + 1), closesEarly: false);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_over_the_hosts_limit_is_refused_before_it_is_sent()
    {
        var answer = await SendRawAsync(Head("multipart/form-data; boundary=x", 104_857_601), closesEarly: false);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"too_large\"", answer, StringComparison.Ordinal);
    }

    [Trait("Abuse", "18")]
    [Fact]
    public async Task An_incomplete_body_is_not_kept()
    {
        var image = Encoding.Latin1.GetString(TestImages.Jpeg(40, 30));

        await SendRawAsync(Head("image/jpeg", image.Length + 1) + image, closesEarly: true);

        Assert.Empty(await StoredAsync());
    }

    [Trait("Abuse", "18")]
    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task A_body_with_a_content_encoding_is_refused(string encoding)
    {
        using var content = new ByteArrayContent(TestImages.Jpeg(40, 30));
        content.Headers.Add("Content-Encoding", encoding);

        using var response = await App.Client.PostAsync("/v1/images", content, Token);

        await AssertRefusedAsync(response, 415, "content_encoding_not_supported");
    }

    [Trait("Abuse", "18")]
    [Fact]
    public async Task Too_many_parts_are_refused_and_none_is_kept()
    {
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 4; i++)
        {
            form.Add(new ByteArrayContent(TestImages.Jpeg(40, 30)), "files", "a.jpg");
        }

        using var response = await App.Client.PostAsync("/v1/images", form, Token);

        await AssertRefusedAsync(response, 413, "too_many_parts");
    }

    [Fact]
    public async Task A_form_with_one_invalid_image_is_refused_as_a_whole()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(TestImages.Jpeg(40, 30)), "files", "a.jpg" },
            { new StringContent("no image"), "files", "b.jpg" },
        };

        using var response = await App.Client.PostAsync("/v1/images", form, Token);

        await AssertRefusedAsync(response, 415, "not_an_image");
    }

    private static string Head(string type, int length) =>
        $"POST /v1/images HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n";

    /// <summary>Sends the text and returns the response until the server closes the connection or has sent an error code.</summary>
    private async Task<string> SendRawAsync(string request, bool closesEarly)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, App.Client.BaseAddress!.Port, Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Token);
        if (closesEarly)
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

        // The server may close or reset the connection of an incomplete body.
        async Task<int> ReadAsync()
        {
            try
            {
                return await stream.ReadAsync(buffer, Token);
            }
            catch (IOException) when (closesEarly)
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
}
