using ImageResize.Core.Errors;

namespace ImageResize.Functions.Http.Requests;

/// <summary>Refuses encoded bodies, such as compressed ones, which could expand to any size.</summary>
internal static class ContentEncoding
{
    private const string Identity = "identity";

    /// <param name="encoding">The value of the header; null or empty if there is none.</param>
    /// <exception cref="RefusedException">The body is encoded.</exception>
    public static void Refuse(string? encoding)
    {
        if (!string.IsNullOrEmpty(encoding) && !encoding.Equals(Identity, StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(ErrorCode.ContentEncodingNotSupported, "Send the body without a Content-Encoding.");
        }
    }
}
