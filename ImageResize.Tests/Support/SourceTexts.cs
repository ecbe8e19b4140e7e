using ImageResize.Core.Sources;

namespace ImageResize.Tests.Support;

/// <summary>Converts literals in tests to sources.</summary>
internal static class SourceTexts
{
    public static SourceUri ToSource(this string text) => SourceUri.Parse(text);
}
