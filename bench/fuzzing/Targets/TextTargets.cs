using System.Text;
using ImageResize.Core.Addresses;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Folder;
using ImageResize.Core.Sources.Names;
using ImageResize.Core.Sources.Web;
using ImageResize.Core.Sources.Web.Network;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Middleware;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Standalone.Access;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Fuzzing.Targets;

/// <summary>Code that reads names, sources, addresses and headers.</summary>
internal static class TextTargets
{
    private static readonly WebAddressRules WebAddresses = new(new WebSourceOptions(), new AddressPolicy());

    private static readonly AddressSignatures Signatures = new(Options.Create(new AddressOptions()));

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("source", text => Read(text, ReadSource))
        {
            Words = FuzzTargets.Words(
                "/ImageResize/images/", "resized/", "_callers/", "..", "/**", "%2e%2e", "%c0%ae", "..;", "\\", "\0", "blob://",
                "upload://", "https://", "http://",
                "@", ":80", "127.0.0.1", "[::1]", "0x7f.1", "169.254.169.254", "localhost", "xn--", "drive.google.com/file/d/",
                "www.dropbox.com/s/", "é", "\u202e"),
        },
        new("name", text => Read(text, ReadName))
        {
            Words = FuzzTargets.Words("CON", "com¹", ".", " ", "\u202e", "\ud83d\ude00", "/", ".jpeg", "\u200d"),
        },
        new("address", text => Read(text, ReadAddress))
        {
            Words = FuzzTargets.Words(
                "w_", "h_300", ",", "c_cover", "g_attention", "f_auto", "q_80", "b_ffffff", "m_copyright.colourProfile",
                "a_true", "e_1790000000", "~", "%2F"),
        },
        new("headers", text => Read(text, ReadHeaders))
        {
            Words = FuzzTargets.Words(
                "\n", "Accept: image/webp;q=0.5,*/*", "If-None-Match: W/\"a\", *", "Accept-Encoding: gzip;q=0",
                "Content-Type: application/json; charset=\"utf-8\"",
                "Origin: null", "Sec-Fetch-Site: cross-site", "Host: [::1]:80", "Range: bytes=0-,-1", "&", "=", "%", "%ff", "code="),
        },
    ];

    /// <summary>A name is written to headers, entries of zip files and logs.</summary>
    public static void CheckName(string name)
    {
        var isUnsafe = name.Any(c => char.IsControl(c) || "<>:\"/\\|?*".Contains(c));
        if (name.Length > ImageName.MaxLength || name.StartsWith('.') || isUnsafe || ImageName.Clean(name) != name)
        {
            throw new InvalidOperationException($"Not clean: {name}, again {ImageName.Clean(name)}");
        }
    }

    private static void Read(byte[] text, Action<string> read)
    {
        try
        {
            read(Encoding.UTF8.GetString(text));
        }
        catch (RefusedException)
        {
            // Answered with the reason.
        }
    }

    private static void ReadSource(string text)
    {
        var source = SourceUri.Parse(text);
        _ = (source.ToString(), source.Redacted, source.Kind);
        if (SourceUri.Parse(source.Unredacted) != source)
        {
            throw new InvalidOperationException("The text of a source is another source.");
        }

        _ = JobId.TryParse(text, out _) || UploadId.TryParse(source.Path, out _);
        switch (source.Scheme)
        {
            case "":
                CheckSame(FolderPath.Normalize(source.Path), FolderPath.Normalize);
                CheckInside(FolderPath.Normalize(source.Path));
                break;
            case "blob":
                CheckSame(BlobPath.Parse(source).ToUri().Unredacted, blob => BlobPath.Parse(SourceUri.Parse(blob)).ToUri().Unredacted);
                CheckInside(source.Path);
                break;
            default:
                var address = WebAddresses.Read(text);
                CheckSame(address.AbsoluteUri, again => WebAddresses.Read(again).AbsoluteUri);
                CheckInside(address.AbsolutePath);
                _ = WebAddresses.Follow(address, ShareLinks.Direct(address).AbsoluteUri);
                break;
        }
    }

    /// <summary>What was normalized is checked again when it is read, so it must stay the same.</summary>
    private static void CheckSame(string normal, Func<string, string> normalize)
    {
        if (normalize(normal) != normal)
        {
            throw new InvalidOperationException($"{normal} becomes {normalize(normal)}.");
        }
    }

    private static void CheckInside(string path)
    {
        if (path.Split('/', '\\').Contains(".."))
        {
            throw new InvalidOperationException($"{path} leads to another folder.");
        }
    }

    private static void ReadName(string text)
    {
        if (ImageName.Clean(text) is { } name)
        {
            CheckName(name);
        }
    }

    private static void ReadAddress(string text)
    {
        var split = Math.Max(0, text.IndexOf('/', StringComparison.Ordinal));
        var source = AddressSource.Decode(text[split..].TrimStart('/'));
        if (AddressSource.Decode(AddressSource.Encode(source)) != source)
        {
            throw new InvalidOperationException($"{source} becomes {AddressSource.Decode(AddressSource.Encode(source))}.");
        }

        var parameters = AddressParameters.Parse(text[..split]);
        if (AddressParameters.Parse(parameters.Canonical).Canonical != parameters.Canonical)
        {
            throw new InvalidOperationException($"{parameters.Canonical} has another canonical form.");
        }

        _ = Signatures.GetSigner("signature", parameters, source);
    }

    /// <summary>The query in the first line, and a header in each other line.</summary>
    private static void ReadHeaders(string text)
    {
        var lines = text.Split('\n');
        var context = new DefaultHttpContext();
        var request = context.Request;
        request.QueryString = QueryString.FromUriComponent("?" + lines[0]);
        foreach (var line in lines.Skip(1).Select(line => line.Split(':', 2)).Where(line => line.Length == 2 && line[0].Length > 0))
        {
            request.Headers.Append(line[0], line[1].Trim());
        }

        RequestKey.Read(request);
        RequestKey.RemoveParameterAsync(context, _ => Task.CompletedTask).GetAwaiter().GetResult();
        var accepted = new AcceptedTypes(request.Headers.Accept);
        _ = (accepted.FindFormat(), accepted.Names("text/html"), GzipEncoding.IsAccepted(context));
        var tag = new EntityTagHeaderValue("\"a\"");
        _ = request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false));
        _ = BrowserRequest.IsLocal(request, ["https://example.com"]);
        JsonCharset.NormalizeAsync(context, _ => Task.CompletedTask).GetAwaiter().GetResult();
        foreach (var name in request.Query.Keys)
        {
            _ = QueryParameters.Find(request, name);
            _ = name.StartsWith('n') ? QueryParameters.FindNumber(request, name, 100) : null;
            _ = name.StartsWith('f') ? QueryParameters.FindFlag(request, name) : null;
        }
    }
}
