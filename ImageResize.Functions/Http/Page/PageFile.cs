using System.IO.Compression;
using System.Security.Cryptography;
using ImageResize.Functions.Http.Requests;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Page;

/// <summary>A file of the web page, kept in memory compressed.</summary>
internal sealed class PageFile
{
    private const int TagLength = 32;

    private const string Immutable = "public, max-age=31536000, immutable";

    private readonly byte[] _compressed;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _tag;

    public PageFile(byte[] content, string contentType)
    {
        _contentType = contentType;
        _compressed = Compress(content);

        // Weak, because compressed and uncompressed bytes have the same tag.
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..TagLength]}\"", isWeak: true);
    }

    /// <param name="isImmutable">Whether the address contains the version, so that it never has another content.</param>
    /// <param name="policy">The Content-Security-Policy of a document.</param>
    public IResult Reply(HttpContext context, bool isImmutable = false, string? policy = null)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = isImmutable ? Immutable : "no-cache";
        if (policy is not null)
        {
            headers.ContentSecurityPolicy = policy;
            headers["Referrer-Policy"] = "no-referrer";
        }

        Stream content = new MemoryStream(_compressed, writable: false);
        if (GzipEncoding.IsAccepted(context))
        {
            headers.ContentEncoding = GzipEncoding.Name;
        }
        else
        {
            content = new GZipStream(content, CompressionMode.Decompress);
        }

        return Results.Stream(content, _contentType, entityTag: _tag);
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
