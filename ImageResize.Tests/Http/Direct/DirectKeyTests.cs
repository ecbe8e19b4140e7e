using System.Net;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Direct;

/// <summary>Direct requests with an idempotency key.</summary>
public sealed class DirectKeyTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repeated_key_with_another_accepted_format_is_a_different_request()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var statuses = new List<HttpStatusCode>();
        foreach (var accept in (string[])["image/webp", "image/webp,*/*", "image/avif"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/thumbnails?width=50&format=auto")
            {
                Content = new ByteArrayContent(TestImages.Png(90, 60)) { Headers = { ContentType = new("image/png") } },
                Headers = { { "Idempotency-Key", "auto" } },
            };
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await app.Client.SendAsync(request, Token);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity], statuses);
    }
}
