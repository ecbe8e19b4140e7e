using ImageResize.Core.Imaging.Formats;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Requests;

/// <summary>The <c>Accept</c> header as the caller sent it. The pipeline removes it, because errors are always JSON.</summary>
internal sealed record AcceptedTypes(StringValues Accept)
{
    /// <summary>Formats that are smaller than the source's and that not every browser reads, the smallest first.</summary>
    private static readonly ImageFormat[] Modern = [ImageFormat.Avif, ImageFormat.WebP];

    /// <summary>Whether the header names the type itself. Tools send <c>*/*</c>, which doesn't count.</summary>
    public bool Names(string type) =>
        MediaTypeHeaderValue.TryParseList(Accept, out var types)
        && types.Any(accepted => accepted.Quality is not 0 && accepted.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The smallest format that the header names. <c>*/*</c> and <c>image/*</c> don't count: browsers send them for formats that they
    /// can't read.
    /// </summary>
    /// <returns>Null for the source's own format.</returns>
    public ImageFormat? FindFormat()
    {
        if (!MediaTypeHeaderValue.TryParseList(Accept, out var types))
        {
            return null;
        }

        foreach (var format in Modern)
        {
            var name = format.GetContentType();
            if (types.Any(type => type.Quality is not 0 && type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return format;
            }
        }

        return null;
    }
}
