using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Functions.Http.Page;

/// <summary>
/// The files of the web page, which the build embeds. They're read at the first request. Addresses of all but the first file contain the
/// version, so that browsers can keep them.
/// </summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";
    private const string HomeName = "index.html";

    /// <summary>Stands for the version in the first file.</summary>
    private const string VersionPlaceholder = "VERSION";

    private const int VersionLength = 12;

    private static readonly Lazy<PageFiles> Loaded = new(() => new PageFiles(typeof(PageFiles).Assembly));

    private readonly FrozenDictionary<string, PageFile> _files;

    private PageFiles(Assembly assembly)
    {
        var contents = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..].Replace('\\', '/'), name => Read(assembly, name), StringComparer.Ordinal);
        Version = VersionOf(contents);
        _files = contents.Where(file => file.Key != HomeName)
            .ToFrozenDictionary(file => file.Key, file => new PageFile(file.Value, TypeOf(file.Key)), StringComparer.Ordinal);

        var home = Encoding.UTF8.GetString(contents[HomeName]).Replace(VersionPlaceholder, Version, StringComparison.Ordinal);
        Home = new PageFile(Encoding.UTF8.GetBytes(home), "text/html; charset=utf-8");
    }

    public static PageFiles All => Loaded.Value;

    /// <summary>Differs if any file does.</summary>
    public string Version { get; }

    public PageFile Home { get; }

    public PageFile? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>
    /// The Content-Security-Policy of the page, with only what it needs: its own scripts and styles, images that its scripts read with the
    /// caller's key (blob:), and storage for large uploads.
    /// </summary>
    public static string PolicyWith(string storage) =>
        $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' {storage}; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'";

    private static byte[] Read(Assembly assembly, string name)
    {
        using var content = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);

        return bytes;
    }

    private static string VersionOf(Dictionary<string, byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in contents.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {bytes.Length}\n"));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..VersionLength];
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"The page's file {name} has no known content type."),
    };
}
