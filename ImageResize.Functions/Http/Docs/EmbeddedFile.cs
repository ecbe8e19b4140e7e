using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using ImageResize.Functions.Http.Requests;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Docs;

/// <summary>A file that is embedded in an assembly. It's read at each request, because it's requested rarely.</summary>
internal sealed class EmbeddedFile
{
    private readonly Assembly _assembly;
    private readonly string _name;
    private readonly Lazy<EntityTagHeaderValue> _tag;

    public EmbeddedFile(Assembly assembly, string name, string contentType)
    {
        (_assembly, _name, ContentType) = (assembly, name, contentType);
        _tag = new Lazy<EntityTagHeaderValue>(CreateTag);
    }

    public string ContentType { get; }

    /// <summary>Whether the embedded bytes are compressed with gzip.</summary>
    public bool IsCompressed { get; init; }

    public IResult Reply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        var content = Open();
        if (IsCompressed)
        {
            if (GzipEncoding.IsAccepted(context))
            {
                headers.ContentEncoding = GzipEncoding.Name;
            }
            else
            {
                content = new GZipStream(content, CompressionMode.Decompress);
            }
        }

        return Results.Stream(content, ContentType, entityTag: _tag.Value);
    }

    public async Task<string> ReadTextAsync()
    {
        using var reader = new StreamReader(Open());

        return await reader.ReadToEndAsync();
    }

    private Stream Open() => _assembly.GetManifestResourceStream(_name)
        ?? throw new InvalidOperationException($"{_assembly.GetName().Name} does not contain {_name}.");

    /// <summary>Weak, because compressed and uncompressed bytes have the same tag.</summary>
    private EntityTagHeaderValue CreateTag()
    {
        using var content = Open();

        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"", isWeak: IsCompressed);
    }
}
