namespace ImageResize.Core.Sources;

/// <summary>The source is at fault: trying again would fail the same way.</summary>
/// <param name="code">Stable and for programs; see <see cref="SourceRefusal"/>.</param>
/// <param name="message">For the caller: names what was wrong and the limit, never a path outside the roots, a key or a query string.</param>
public sealed class SourceRefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
