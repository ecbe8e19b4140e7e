using System.Buffers.Text;
using System.Text;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Addresses;

/// <summary>
/// How an address spells its source: as a path, whose slashes may be percent-encoded, or after <c>~</c> as base64url. Paths with other
/// characters than those of <see cref="IsPlain"/> may be changed by proxies, so clients write these as base64url.
/// </summary>
public static class AddressSource
{
    private const char Encoded = '~';
    private const int MaxLength = 6_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="part">As ASP.NET Core decodes paths: only slashes are still encoded.</param>
    /// <exception cref="RefusedException">The part is empty, too long or not base64url of UTF-8.</exception>
    public static string Decode(string? part)
    {
        if (part is not { Length: > 0 and <= MaxLength } or "~")
        {
            throw Refused($"The address needs a source of 1 to {MaxLength} characters after its options.");
        }

        return part[0] == Encoded ? DecodeBase64(part.AsSpan(1)) : part.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }

    public static string Encode(string source) =>
        IsPlain(source) ? source : Encoded + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(source));

    private static string DecodeBase64(ReadOnlySpan<char> text)
    {
        try
        {
            return Strict.GetString(Base64Url.DecodeFromChars(text));
        }
        catch (Exception invalid) when (invalid is FormatException or DecoderFallbackException)
        {
            throw Refused("The source after ~ is not the base64url of UTF-8 text.");
        }
    }

    /// <summary>Whether all of it means the same in every part of a URL, and no part is one that browsers remove.</summary>
    private static bool IsPlain(string source) =>
        source.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '-' or '_')
        && source.Split('/').All(name => name is not ("" or "." or ".."));

    private static RefusedException Refused(string message) => new(ErrorCode.InvalidRequest, message);
}
