using ImageResize.Core.Errors;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>A child did not come back from a picture: it died, or had to be ended.</summary>
/// <param name="code">What the picture is refused for when that happens again; see <see cref="ErrorCode"/>.</param>
/// <param name="message">For the caller.</param>
internal sealed class ChildLostException(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code { get; } = code;
}
