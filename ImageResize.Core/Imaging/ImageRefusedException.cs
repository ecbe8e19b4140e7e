namespace ImageResize.Core.Imaging;

/// <summary>The picture is at fault: trying again would fail the same way.</summary>
/// <param name="code">Stable and for programs; see <see cref="RefusalCode"/>.</param>
/// <param name="message">For the caller: names what was wrong and the limit, never a path, key or stack.</param>
public sealed class ImageRefusedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
