using System.Net;
using System.Text.Json;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Uploads;

public sealed class UploadTests(Azurite azurite) : UploadApi(azurite)
{
    [Theory]
    [MemberData(nameof(TestImages.Formats), MemberType = typeof(TestImages))]
    public async Task An_image_is_stored_and_described(ImageFormat format)
    {
        var image = TestImages.Of(format, 120, 80);

        using var response = await PostAsync(image, "application/octet-stream");
        var body = await response.Content.ReadAsStringAsync(Token);
        var source = JsonDocument.Parse(body).RootElement.GetProperty("source").GetString()!;
        var word = format.ToString().ToLowerInvariant();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.StartsWith(
            $$"""{"source":"{{source}}","width":120,"height":80,"format":"{{word}}","bytes":{{image.Length}},"uploadedAt":"20""",
            body,
            StringComparison.Ordinal);
        Assert.Equal(source.Replace("upload://", "/v1/images/", StringComparison.Ordinal), response.Headers.Location!.OriginalString);
        Assert.Equal((200, body), await App.GetAsync(response.Headers.Location.OriginalString));
        var stored = Assert.Single(await StoredAsync());
        Assert.EndsWith(source["upload://".Length..], stored.Name, StringComparison.Ordinal);
        Assert.Equal((image.Length, format.GetContentType()), ((int)stored.Length, stored.Type));
    }

    [Trait("Abuse", "17")]
    [Theory]
    [InlineData("image/png")]
    [InlineData("IMAGE/x-anything; charset=utf-8")]
    [InlineData(null)]
    public async Task The_format_is_detected_from_the_bytes(string? type)
    {
        using var response = await PostAsync(TestImages.Jpeg(9, 7), type);

        Assert.Equal("jpeg", (await JsonAsync(response)).GetProperty("format").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_of_exactly_the_limit_is_accepted(bool isChunked)
    {
        byte[] image = [.. TestImages.Jpeg(40, 30), .. new byte[MaxBytes]];

        using var response = await PostAsync(image[..MaxBytes], "image/jpeg", isChunked);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(MaxBytes, (await JsonAsync(response)).GetProperty("bytes").GetInt32());
    }

    [Fact]
    public async Task A_form_may_contain_several_images_with_any_names()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("holiday"), "title" },
            { new ByteArrayContent(TestImages.Jpeg(40, 30)), "files", "../../x.jpg" },
            { new ByteArrayContent(TestImages.Png(20, 10)), "files", "../../x.jpg" },
        };

        using var response = await App.Client.PostAsync("/v1/images", form, Token);
        var images = (await JsonAsync(response)).EnumerateArray().ToList();

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(
            [(40, "jpeg"), (20, "png")],
            images.Select(image => (image.GetProperty("width").GetInt32(), image.GetProperty("format").GetString())));
        Assert.Equal(
            images[0].GetProperty("source").GetString(),
            response.Headers.Location!.OriginalString.Replace("/v1/images/", "upload://", StringComparison.Ordinal));
        Assert.Equal(2, (await StoredAsync()).Count);
    }

    [Fact]
    public async Task A_form_with_one_image_gets_the_same_response_as_the_image()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(TestImages.Jpeg(40, 30)), "file", "a.jpg" } };

        using var response = await App.Client.PostAsync("/v1/images", form, Token);

        Assert.Equal(40, (await JsonAsync(response)).GetProperty("width").GetInt32());
    }

    [Fact]
    public async Task An_upload_can_be_measured_and_resized()
    {
        using var response = await PostAsync(TestImages.Jpeg(400, 300), "image/jpeg");
        var source = (await JsonAsync(response)).GetProperty("source").GetString()!;

        var measured = await App.ResultAsync(await App.SubmitAsync(HttpMethod.Get, $"/imageapi?imagePath={source}"));
        var resized = await App.ResultAsync(await App.SubmitAsync(HttpMethod.Post, $"/imageapi?imagePath={source}"));

        Assert.Equal("""{"Height":300,"Result":"Get the size of target image successfully.","Width":400}""", measured);
        var thumbnail = $"resized/{RunningApp.CallerFolder}/uploads/{source["upload://".Length..]}_resized.jpg";
        Assert.Equal($$"""{"Message":"/ImageResize/images/{{thumbnail}}","Resize":true}""", resized);
        Assert.True(File.Exists(App.Images[thumbnail]));
    }

    [Fact]
    public async Task An_upload_repeated_with_its_idempotency_key_is_stored_once()
    {
        var answers = new List<(HttpStatusCode, string)>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images");
            request.Content = new ByteArrayContent(TestImages.Jpeg(40, 30));
            request.Headers.Add("Idempotency-Key", "holiday-1");
            using var response = await App.Client.SendAsync(request, Token);
            answers.Add((response.StatusCode, await response.Content.ReadAsStringAsync(Token)));
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(HttpStatusCode.Created, answers[0].Item1);
        Assert.Single(await StoredAsync());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("4f1c5f0e-3e0f-4b57-9d3b-0a1b2c3d4e5f")]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")]
    [InlineData("..%2F..%2Fx")]
    public async Task An_unknown_upload_is_not_found(string id)
    {
        var (status, body) = await App.GetAsync($"/v1/images/{id}");

        Assert.Equal(404, status);
        Assert.Contains("\"code\":\"upload_not_found\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_valid_id_without_an_upload_is_not_found() =>
        Assert.Equal(404, (await App.GetAsync($"/v1/images/{UploadId.New(DateTimeOffset.UtcNow)}")).Status);

    [Fact]
    public async Task An_upload_past_retention_has_expired()
    {
        var old = UploadId.New(DateTimeOffset.UtcNow.AddDays(-9), owner: OwnerTag.Of("shop"));
        var (status, body) = await App.GetAsync($"/v1/images/{old}");

        Assert.Equal(410, status);
        Assert.Contains("\"code\":\"upload_expired\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upload://nonsense", 400)]
    [InlineData("upload://0190a1b2-c3d4-7e5f-8123-456789abcdef/../x", 400)]
    [InlineData("upload://0190a1b2-c3d4-7e5f-8123-456789abcdef", 200)]
    public async Task A_source_that_names_no_upload_is_refused_or_fails(string source, int status)
    {
        var (measured, body) = await App.GetAsync($"/imageapi?imagePath={source}");

        Assert.Equal(status, measured);
        if (status == 200)
        {
            var job = JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString()!;
            Assert.Equal("""{"Height":-1,"Result":"Image file does not exist.","Width":-1}""", await App.ResultAsync(job));
        }
    }
}
