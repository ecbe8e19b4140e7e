using ImageResize.Core.Sources;

namespace ImageResize.Tests.Support;

/// <summary>Sources as literals in tests.</summary>
internal static class SourceTexts
{
    public static SourceUri ToSource(this string text) => SourceUri.Parse(text);
}
