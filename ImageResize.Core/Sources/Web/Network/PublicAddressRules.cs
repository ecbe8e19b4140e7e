using System.Globalization;
using System.Net;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>What the text of a web address can tell, without asking the network. Whatever we fetch or call passes through here.</summary>
internal sealed class PublicAddressRules(IAddressPolicy policy)
{
    private const int MaxLength = 2_048;

    /// <returns>The address in its one spelling, without a fragment.</returns>
    /// <exception cref="RefusedException">Not a web address that we would ever connect to.</exception>
    public Uri Read(string text)
    {
        CheckCharacters(text);

        if (!HasWebScheme(text) || !Uri.TryCreate(text, UriKind.Absolute, out var parsed))
        {
            throw Invalid("A web address is http:// or https://, then a host.");
        }

        CheckHost(HostAsWritten(text), parsed);

        if (parsed.Port is not (80 or 443))
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
            throw Invalid("A web address has no spaces, backslashes or control characters: write them as %20, %5C...");
        }
    }

    public static RefusedException Invalid(string message) => new(ErrorCode.InvalidSource, message);

    private static bool IsInvisible(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format;

    /// <summary>Programs disagree on what an odd host means, so what we read must be what is written.</summary>
    private void CheckHost(string written, Uri parsed)
    {
        var host = parsed.IdnHost;
        var isAddress = parsed.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;

        if (written.Contains('@') || written.Contains('%'))
        {
            throw Invalid("A web address has no user name, no password and no % in its host.");
        }

        if (parsed.HostNameType != UriHostNameType.IPv6 && !IsSame(written, host))
        {
            throw Invalid("The host is spelled oddly: write a name, or an address as four decimal numbers.");
        }

        if (!isAddress && HostName.IsLocal(host))
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "The host is not public.");
        }

        if (!isAddress && !HostName.IsName(host))
        {
            throw Invalid("The host is not a whole name such as img.example.com.");
        }

        if (isAddress && !policy.Allows(IPAddress.Parse(host)))
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "The host's address is not public.");
        }
    }

    private static bool IsSame(string written, string read) => written.All(char.IsAscii)
        ? written.Equals(read, StringComparison.OrdinalIgnoreCase)
        : HostName.IsPlainlySpelled(written);

    /// <summary>The host as the caller wrote it, with what might stand before it (a user's name) but without its port.</summary>
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
