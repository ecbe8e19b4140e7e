namespace ImageResize.Cli.Terminal;

/// <summary>Text of files, services and other callers, which must not control the terminal.</summary>
internal static class Printable
{
    public static string Of(string text) => Replace(text, kept: "\n\t");

    /// <summary>For cells of tables.</summary>
    public static string Line(string text) => Replace(text, kept: "");

    private static string Replace(string text, string kept) => !text.Any(char.IsControl) ? text
        : string.Concat(text.Select(letter => char.IsControl(letter) && !kept.Contains(letter) ? '\uFFFD' : letter));
}
