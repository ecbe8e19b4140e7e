using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>The unfinished work of a caller is limited, and the caller is told so.</summary>
public sealed class OpenWorkLimitTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/v1/jobs", """{ "source": "cat.jpg", "actions": [{ "measure": {} }] }""")]
    [InlineData("POST", "/v1/batches", """{ "items": [{ "source": "cat.jpg" }], "actions": [{ "measure": {} }] }""")]
    [InlineData("GET", "/imageapi?imagePath=cat.jpg", null)]
    [InlineData("POST", "/imageapi?imagePath=cat.jpg", null)]
    public async Task A_caller_with_much_open_work_is_told_when_to_try_again_and_others_are_served(
        string method, string address, string? body)
    {
        await using var app = await StartAsync();
        using var first = await SendAsync(app, "POST", "/v1/jobs", Heavy, Secrets.ShopKey);

        using var refused = await SendAsync(app, method, address, body, Secrets.ShopKey);
        using var other = await SendAsync(app, method, address, body, Secrets.PrinterKey);

        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal((202, 429), ((int)first.StatusCode, (int)refused.StatusCode));
        Assert.Equal("too_much_open_work", problem.GetProperty("code").GetString());
        Assert.Contains("OpenSeconds", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.True(other.IsSuccessStatusCode, $"{other.StatusCode}");
    }

    [Fact]
    public async Task Headers_show_what_a_caller_may_still_submit()
    {
        await using var app = await StartAsync();

        using var light = await SendAsync(app, "POST", "/imageapi?imagePath=cat.jpg", body: null, Secrets.PrinterKey);
        using var heavy = await SendAsync(app, "POST", "/v1/jobs", Heavy, Secrets.ShopKey);

        Assert.Contains("\"open-work\";q=2;qu=\"processor-seconds\"", Header(light, "RateLimit-Policy"), StringComparison.Ordinal);
        Assert.Contains("\"open-work\";r=1", Header(light, "RateLimit"), StringComparison.Ordinal);
        Assert.Contains("\"open-work\";r=0", Header(heavy, "RateLimit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_has_uploaded_its_bytes_of_the_day_is_told_when_to_try_again()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:BytesPerDay=100");

        using var first = await UploadAsync(app, Secrets.ShopKey);
        using var refused = await UploadAsync(app, Secrets.ShopKey);
        using var other = await UploadAsync(app, Secrets.PrinterKey);

        Assert.Equal((201, 429, 201), ((int)first.StatusCode, (int)refused.StatusCode, (int)other.StatusCode));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 86_400);
        Assert.Contains("\"code\":\"daily_bytes_used\"", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Contains("\"daily-bytes\";q=100;qu=\"content-bytes\";w=86400", Header(first, "RateLimit-Policy"), StringComparison.Ordinal);
        Assert.Contains("\"daily-bytes\";r=0;t=", Header(first, "RateLimit"), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> UploadAsync(RunningApp app, string key)
    {
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress, DefaultRequestHeaders = { { RequestKey.Header, key } } };
        using var image = new ByteArrayContent(TestImages.Jpeg(40, 30));

        return await client.PostAsync("/v1/images", image, Token);
    }

    private const string Heavy = """
        { "source": "cat.jpg", "actions": [{ "thumbnail": { "width": 4000, "height": 3000, "format": "avif" } }] }
        """;

    private async Task<RunningApp> StartAsync()
    {
        var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api", "--ImageResize:Limits:OpenSeconds=2");
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));

        return app;
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningApp app, string method, string address, string? body, string key)
    {
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress, DefaultRequestHeaders = { { RequestKey.Header, key } } };
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Content = body is null ? null : new StringContent(body, mediaType: new("application/json"));

        return await client.SendAsync(request, Token);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
