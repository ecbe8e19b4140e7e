namespace ImageResize.Core.Imaging.Isolation;

/// <summary>A child did not come back from a picture: it died, or had to be ended.</summary>
/// <param name="code">What the picture is refused for when that happens again; see <see cref="RefusalCode"/>.</param>
/// <param name="message">For the caller.</param>
internal sealed class ChildLostException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
