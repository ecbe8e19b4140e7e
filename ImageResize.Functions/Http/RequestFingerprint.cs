using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Functions.Http;

/// <summary>
/// Tells a request from another by a hash of its method, path, query and body. The body is hashed while it streams by, so that a
/// large one is held neither in memory nor on disk.
/// </summary>
internal sealed class RequestFingerprint : IDisposable
{
    private readonly SHA256 _hash = SHA256.Create();
    private readonly CryptoStream _body;

    public RequestFingerprint(HttpRequest request)
    {
        var line = Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n");
        _hash.TransformBlock(line, 0, line.Length, null, 0);
        _body = new CryptoStream(request.Body, _hash, CryptoStreamMode.Read, leaveOpen: true);
        request.Body = _body;
    }

    /// <summary>Reads what nobody has read of the body.</summary>
    public async Task<string> ReadAsync(CancellationToken cancellationToken)
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
