using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Functions.Http.Requests;

/// <summary>
/// Tells a request from another by a hash of its method, path, query and body. A large body is hashed while it streams by, and held
/// neither in memory nor on disk.
/// </summary>
internal sealed class RequestFingerprint : IDisposable
{
    /// <summary>Read before the work begins: what is unread goes with a caller who hangs up, and without it there is no fingerprint.</summary>
    private const int SmallBody = 64 * 1024;

    private readonly SHA256 _hash = SHA256.Create();
    private readonly CryptoStream _body;

    private RequestFingerprint(HttpRequest request, Stream body)
    {
        var line = Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n");
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

    /// <summary>Reads what nobody has read of the body.</summary>
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
