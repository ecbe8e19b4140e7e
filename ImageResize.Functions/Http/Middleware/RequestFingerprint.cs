using System.Security.Cryptography;
using System.Text;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// A hash of a request's method, path, query, accepted format and body, to compare requests. A large body is hashed while the endpoint
/// reads it, and is not buffered.
/// </summary>
internal sealed class RequestFingerprint : IDisposable
{
    /// <summary>
    /// Bodies up to this size are read before the endpoint runs. The unread part of a body is lost when its caller disconnects, and then
    /// there is no fingerprint.
    /// </summary>
    private const int SmallBody = 64 * 1024;

    /// <summary>The address whose response can depend on the <c>Accept</c> header.</summary>
    private const string DirectThumbnails = "/v1/thumbnails";

    private readonly SHA256 _hash = SHA256.Create();
    private readonly CryptoStream _body;

    private RequestFingerprint(HttpRequest request, Stream body)
    {
        var format = request.HttpContext.Features.Get<AcceptedTypes>()?.FindFormat();
        var accepted = request.Path == DirectThumbnails && format is not null ? $" {format}" : "";
        var line = Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}{accepted}\n");
        _hash.TransformBlock(line, 0, line.Length, null, 0);
        _body = new CryptoStream(body, _hash, CryptoStreamMode.Read, leaveOpen: true);
        request.Body = _body;
    }

    public static async Task<RequestFingerprint> BeginAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is not <= SmallBody)
        {
            return new RequestFingerprint(request, request.Body);
        }

        var body = new byte[(int)request.ContentLength];
        await request.Body.ReadExactlyAsync(body, cancellationToken);

        return new RequestFingerprint(request, new MemoryStream(body));
    }

    /// <summary>Reads the rest of the body and returns the hash.</summary>
    public async Task<string> EndAsync(CancellationToken cancellationToken)
    {
        await _body.CopyToAsync(Stream.Null, cancellationToken);

        return Convert.ToHexStringLower(_hash.Hash!);
    }

    public void Dispose()
    {
        _body.Dispose();
        _hash.Dispose();
    }
}
