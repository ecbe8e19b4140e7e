using ImageResize.Core.Errors;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>A child process crashed while it processed an image, or was ended because it exceeded its limits.</summary>
/// <param name="code">The code with which the image is refused if that happens again.</param>
/// <param name="message">For the caller.</param>
internal sealed class ChildLostException(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code { get; } = code;
}
