using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Checks the text of a host name, before it is resolved.</summary>
internal static partial class HostName
{
    private const int MaxLength = 253;

    // Names of this machine or its network, wherever they are resolved.
    private static readonly string[] LocalNames = ["localhost", "localdomain", "local", "internal", "home.arpa"];

    /// <summary>Two labels or more, in ASCII. The last starts with a letter, so that no spelling of an IPv4 address is a name.</summary>
    public static bool IsName(string host) => host.Length <= MaxLength && NamePattern.IsMatch(host);

    public static bool IsLocal(string host) =>
        Array.Exists(LocalNames, name => host.Equals(name, StringComparison.OrdinalIgnoreCase)
            || host.EndsWith('.' + name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Allows letters of any script, but not ① or １, which programs convert differently.</summary>
    public static bool HasPlainCharacters(string host) => host.EnumerateRunes().All(rune => rune.IsAscii || IsPlain(rune));

    private static bool IsPlain(Rune rune) =>
        rune.Value is not (>= 0xFF00 and <= 0xFFEF)
        && (Rune.IsLetter(rune) || IsMark(rune));

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    [GeneratedRegex(
        @"^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern { get; }
}
