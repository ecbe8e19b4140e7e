using System.Globalization;
using System.Text;

namespace ImageResize.Core.Sources.Names;

/// <summary>Text of callers as people see it: on one line, in its own order.</summary>
public static class VisibleText
{
    private const char Replacement = '?';
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>Replaces characters that end a line, or hide or reorder text, for logs.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isVisible = true;
        foreach (var rune in text.EnumerateRunes())
        {
            isVisible &= IsVisible(rune);
        }

        return isVisible ? text : string.Concat(text.EnumerateRunes().Select(rune => IsVisible(rune) ? rune.ToString() : $"{Replacement}"));
    }

    /// <summary>Joiners are parts of words and emoji. Half of a surrogate pair is read as U+FFFD.</summary>
    internal static bool IsVisible(Rune rune) => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner
        || (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator)
            && rune != Rune.ReplacementChar);
}
