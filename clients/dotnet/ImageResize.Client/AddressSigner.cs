using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageResize.Client;

/// <summary>
/// Makes addresses that are thumbnails, for pages and mails: the service answers them without a key. Sends nothing. docs/addresses.md of
/// the service describes them. Thread-safe.
/// </summary>
public sealed class AddressSigner
{
    private readonly byte[] _key;

    /// <param name="key">A key of the service's settings: <c>ImageResize__Addresses__Keys__NAME</c>. Keep it on your servers.</param>
    public AddressSigner(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _key = Encoding.UTF8.GetBytes(key);
    }

    /// <summary>Makes the address of a thumbnail.</summary>
    /// <param name="source">An image that the service can read.</param>
    /// <param name="options">How the thumbnail is made, or a preset.</param>
    /// <param name="expiresAt">The time until which the address is valid, in whole seconds. Null: without end.</param>
    /// <returns>The path, <c>/t/...</c>. The address of the service or of a CDN belongs before it.</returns>
    public string Sign(string source, ThumbnailOptions options, DateTimeOffset? expiresAt = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentNullException.ThrowIfNull(options);
        var text = OptionsOf(options, expiresAt);
        var signature = ToBase64Url(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"/t/{text}/{source}")));

        return $"/t/{signature}/{text}/{Encode(source)}";
    }

    /// <summary>In canonical form: in lower case and in this order.</summary>
    private static string OptionsOf(ThumbnailOptions options, DateTimeOffset? expiresAt)
    {
        string?[] values =
        [
            options.Preset,
            Option('w', options.Width),
            Option('h', options.Height),
            Option('c', options.Fit),
            Option('g', options.Gravity),
            Option('f', options.Format),
            Option('q', options.Quality),
            Option('b', options.Background?.TrimStart('#')),
            options.Metadata is { Count: > 0 } kinds ? Option('m', NamesOf(kinds)) : null,
            Option('a', options.Animated),
            Option('e', expiresAt?.ToUnixTimeSeconds()),
        ];

        return string.Join(',', values.Where(value => value is not null)).ToLowerInvariant();
    }

    private static string? Option(char letter, object? value) =>
        value is null ? null : string.Create(CultureInfo.InvariantCulture, $"{letter}_{value}");

    private static string NamesOf(IEnumerable<ThumbnailMetadata> kinds) =>
        string.Join('.', kinds.Select(kind => kind.ToString().ToLowerInvariant()).Order(StringComparer.Ordinal));

    /// <summary>Proxies change some characters of paths. Base64 has none of them.</summary>
    private static string Encode(string source)
    {
        var isPlain = source.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '-' or '_')
            && source.Split('/').All(name => name is not ("" or "." or ".."));

        return isPlain ? source : "~" + ToBase64Url(Encoding.UTF8.GetBytes(source));
    }

    private static string ToBase64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
