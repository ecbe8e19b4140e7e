using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace ImageResize.Tests.Support.Storage;

/// <summary>
/// A container with any number of blobs that can only be listed, because Azurite needs minutes to store that many. It returns pages as
/// Azure Storage does, and unlike Azurite starts at the requested name.
/// </summary>
internal sealed class ManyBlobs(int count) : HttpMessageHandler
{
    private const int PageSize = 5_000;

    /// <summary>The number of names returned so far.</summary>
    public int Given { get; private set; }

    public BlobServiceClient Open(string connectionString) =>
        new(connectionString, new BlobClientOptions { Transport = new HttpClientTransport(this) });

    public static string NameOf(int number) => $"photos/a-name-of-usual-length-{number:D7}.jpg";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        var body = query["comp"] == "list" ? Page(query["marker"] ?? query["startFrom"]) : "";

        var status = request.Method == HttpMethod.Put ? HttpStatusCode.Created : HttpStatusCode.OK;

        return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/xml") });
    }

    private string Page(string? start)
    {
        var first = start is null ? 0 : int.Parse(start[^11..^4], CultureInfo.InvariantCulture);
        var end = Math.Min(count, first + PageSize);
        var page = new StringBuilder("""<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>""");
        for (var number = first; number < end; number++, Given++)
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <Blob><Name>{NameOf(number)}</Name><Properties><Etag>0x8D</Etag><Content-Length>1</Content-Length>
                <Content-Type>image/jpeg</Content-Type><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier></Properties></Blob>
                """);
        }

        return page.Append("</Blobs><NextMarker>").Append(end < count ? NameOf(end) : "")
            .Append("</NextMarker></EnumerationResults>").ToString();
    }
}
