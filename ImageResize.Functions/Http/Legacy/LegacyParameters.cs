using ImageResize.Core.Errors;

namespace ImageResize.Functions.Http.Legacy;

/// <summary>
/// Refuses parameters that are certainly mistakes. The replaced program ignored every unknown parameter, and its callers may still
/// send some.
/// </summary>
internal static class LegacyParameters
{
    /// <summary>
    /// Names that callers write instead of <c>customizedSize</c>. If they were ignored, the thumbnail would have the default size.
    /// </summary>
    private static readonly string[] Misspelt =
        ["size", "width", "height", "maxSize", "customSize", "customisedSize", "customizeSize", "customizedWidth", "customized_size"];

    /// <exception cref="RefusedException">A parameter is misspelt, or a part of a path that was not encoded.</exception>
    public static void RefuseMistakes(HttpRequest request)
    {
        foreach (var (name, values) in request.Query)
        {
            if (Misspelt.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new RefusedException(
                    ErrorCode.InvalidRequest, $"The parameter '{name}' is not known. Did you mean customizedSize, or POST /v1/thumbnails?");
            }

            if (values is [null or ""] && name.AsSpan().ContainsAny('.', '/'))
            {
                throw new RefusedException(
                    ErrorCode.InvalidRequest, $"'{name}' is not a parameter. If it is a part of imagePath, write & as %26.");
            }
        }
    }
}
