using System.IO.Compression;
using System.Net;
using System.Text;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Middleware;

/// <summary>Compressed requests, which could expand to any size.</summary>
public sealed class EncodedBodyTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_compressed_body_is_refused_with_the_reason()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        foreach (var (address, type) in ((string, string)[])
            [
                ("/v1/jobs", "application/json"), ("/v1/batches", "application/json"), ("/v1/batches?preset=card", "application/x-ndjson"),
                ("/v1/uploads", "application/json"), ("/v1/thumbnails", "application/json"), ("/v1/measure", "application/json"),
                ("/v1/thumbnails?width=30", "image/jpeg"), ("/v1/images", "image/jpeg"),
            ])
        {
            using var response = await app.Client.PostAsync(address, Compressed(type), Token);
            var problem = await response.Content.ReadAsStringAsync(Token);

            Assert.Equal((address, HttpStatusCode.UnsupportedMediaType), (address, response.StatusCode));
            Assert.Contains("\"content_encoding_not_supported\"", problem, StringComparison.Ordinal);
            Assert.Contains("Send the body without a Content-Encoding.", problem, StringComparison.Ordinal);
        }
    }

    private static ByteArrayContent Compressed(string type)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes("{}"));
        }

        return new ByteArrayContent(bytes.ToArray()) { Headers = { { "Content-Type", type }, { "Content-Encoding", "gzip" } } };
    }
}
