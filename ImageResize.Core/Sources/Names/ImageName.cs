using System.Text;

namespace ImageResize.Core.Sources.Names;

/// <summary>A caller's name for an image, such as that of the file it was uploaded from: safe as the name of a file everywhere.</summary>
public static class ImageName
{
    public const int MaxLength = 200;

    /// <summary>Longer text after a dot is not taken for an extension. Includes the dot.</summary>
    private const int MaxExtensionLength = 16;

    private const char Replacement = '_';

    /// <summary>Not allowed in names of files on Windows, or separators of paths.</summary>
    private const string Reserved = "<>:\"/\\|?*";

    /// <summary>Windows opens a device instead of a file with one of these names, whatever its extension.</summary>
    private static readonly HashSet<string> Devices = new(
        [
            "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            .. "0123456789¹²³".SelectMany(digit => (string[])[$"COM{digit}", $"LPT{digit}"]),
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Replaces characters that hide or reorder text, separate paths, or are not allowed in names of files; names of devices; and dots at
    /// the start, which hide a file. A name that is too long is cut before its extension.
    /// </summary>
    /// <returns>Null if nothing is left of the name.</returns>
    public static string? Clean(string? name)
    {
        if (name is null)
        {
            return null;
        }

        var text = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            text.Append(IsSafe(rune) ? rune.ToString() : Replacement);
        }

        // Windows removes dots and spaces at the end.
        var clean = Shorten(text.ToString().TrimStart().TrimEnd(' ', '.'), MaxLength, static text => text.Length);
        if (clean.StartsWith('.') || Devices.Contains(clean.Split('.')[0].TrimEnd()))
        {
            clean = Shorten(Replacement + clean.TrimStart('.'), MaxLength, static text => text.Length);
        }

        return clean.Trim(Replacement).Length == 0 ? null : clean;
    }

    /// <summary>Cuts a name before its extension, between characters.</summary>
    /// <param name="measure">The length of a text.</param>
    public static string Shorten(string name, int max, Func<string, int> measure)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(measure);
        if (measure(name) <= max)
        {
            return name;
        }

        var extension = Path.GetExtension(name);
        extension = extension.Length <= MaxExtensionLength ? extension : "";
        var room = max - measure(extension);
        var kept = new StringBuilder();
        foreach (var rune in name[..^extension.Length].EnumerateRunes())
        {
            room -= measure(rune.ToString());
            if (room < 0)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept.ToString().TrimEnd(' ', '.') + extension;
    }

    private static bool IsSafe(Rune rune) =>
        VisibleText.IsVisible(rune) && !(rune.IsAscii && Reserved.Contains((char)rune.Value, StringComparison.Ordinal));
}
