using System.Globalization;
using System.Net;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Checks the text of a web address, without network access. All addresses that are fetched or called are checked here.</summary>
/// <param name="allowsLoopback">Whether this machine counts as public, with all its ports.</param>
internal sealed class PublicAddressRules(IAddressPolicy policy, bool allowsLoopback = false)
{
    private const int MaxLength = 2_048;

    /// <returns>The normalized address, without a fragment.</returns>
    /// <exception cref="RefusedException">The address is malformed or not public.</exception>
    public Uri Read(string text)
    {
        CheckCharacters(text);
        try
        {
            return ReadAddress(text);
        }
        catch (UriFormatException)
        {
            // Some hosts that the parser accepts have no form in ASCII.
            throw Invalid("A web address is http:// or https:// and a host.");
        }
    }

    private Uri ReadAddress(string text)
    {
        if (!HasWebScheme(text) || !Uri.TryCreate(text, UriKind.Absolute, out var parsed))
        {
            throw Invalid("A web address is http:// or https:// and a host.");
        }

        CheckHost(HostAsWritten(text), parsed);

        if (parsed.Port is not (80 or 443) && !IsAllowedLoopback(parsed))
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "A web address may only use the ports 80 and 443.");
        }

        var address = new UriBuilder(parsed) { Host = parsed.IdnHost, Fragment = "" }.Uri;

        return address.AbsoluteUri.Length <= MaxLength ? address : throw TooLong();
    }

    private static bool HasWebScheme(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public static void CheckCharacters(string text)
    {
        if (text.Length > MaxLength)
        {
            throw TooLong();
        }

        if (text.Any(character => character == '\\' || char.IsWhiteSpace(character) || IsInvisible(character)))
        {
            throw Invalid("A web address must not contain spaces, backslashes or control characters: write them as %20, %5C...");
        }
    }

    public static RefusedException Invalid(string message) => new(ErrorCode.InvalidSource, message);

    private static bool IsInvisible(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format;

    /// <summary>Programs interpret unusual host names differently, so the parsed host must equal the written one.</summary>
    private void CheckHost(string written, Uri parsed)
    {
        var host = parsed.IdnHost;
        var isAddress = parsed.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;

        if (written.Contains('@') || written.Contains('%'))
        {
            throw Invalid("A web address must not contain a user name, a password or a % in its host.");
        }

        if (parsed.HostNameType != UriHostNameType.IPv6 && !IsSame(written, host))
        {
            throw Invalid("The host is written in an unusual way: use a name, or an address of four decimal numbers.");
        }

        if (IsAllowedLoopback(parsed))
        {
            return;
        }

        if (!isAddress && HostName.IsLocal(host))
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "The host is not public.");
        }

        if (!isAddress && !HostName.IsName(host))
        {
            throw Invalid("The host must be a full name such as img.example.com.");
        }

        if (isAddress && !policy.Allows(IPAddress.Parse(host)))
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "The host's address is not public.");
        }
    }

    private bool IsAllowedLoopback(Uri address) => allowsLoopback && address.IsLoopback;

    private static bool IsSame(string written, string read) => written.All(char.IsAscii)
        ? written.Equals(read, StringComparison.OrdinalIgnoreCase)
        : HostName.HasPlainCharacters(written);

    /// <summary>The host as written, including user info, but without the port.</summary>
    private static string HostAsWritten(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.AsSpan(start).IndexOfAny("/?#");
        var authority = end < 0 ? text[start..] : text.Substring(start, end);
        var port = authority.LastIndexOf(':');

        return port > authority.LastIndexOf(']') ? authority[..port] : authority;
    }

    private static RefusedException TooLong() => Invalid($"A web address has at most {MaxLength} characters.");
}
