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
    /// The format that the header names with the highest quality, the smallest if there are several. <c>*/*</c> and <c>image/*</c> don't
    /// count: browsers send them for formats that they can't read.
    /// </summary>
    /// <returns>Null for the source's own format: also if another image type has a higher quality.</returns>
    public ImageFormat? FindFormat()
    {
        if (!MediaTypeHeaderValue.TryParseList(Accept, out var types))
        {
            return null;
        }

        var named = types.Where(type => type.Type == "image" && !type.MatchesAllSubTypes && type.Quality is not 0).ToList();
        var best = Modern
            .Select(format => (Format: format, Quality: QualityOf(format.GetContentType(), named)))
            .MaxBy(format => format.Quality);

        return best.Quality > 0 && named.All(type => (type.Quality ?? 1) <= best.Quality) ? best.Format : null;
    }

    private static double QualityOf(string name, IEnumerable<MediaTypeHeaderValue> types) => types
        .Where(type => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(type => type.Quality ?? 1)
        .DefaultIfEmpty(0)
        .Max();
}
