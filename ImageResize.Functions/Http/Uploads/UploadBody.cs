using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>Reads the images of an upload as they arrive: the body itself, or the files of a form.</summary>
internal static class UploadBody
{
    private const string Form = "multipart/form-data";
    private const int MaxBoundaryLength = 70;

    /// <summary>Types that tools send for any file; the last is what curl does by default.</summary>
    private static readonly string[] UnknownTypes =
        ["application/octet-stream", "binary/octet-stream", "application/binary", "application/x-www-form-urlencoded"];

    /// <exception cref="RefusedException">The headers are not accepted, or the form is malformed.</exception>
    public static async IAsyncEnumerable<Stream> ReadAsync(
        HttpRequest request,
        UploadOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ContentEncoding.Refuse(request.Headers.ContentEncoding);
        var type = TypeOf(request);
        if (type is null || !type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase))
        {
            if (request.ContentLength > options.MaxBytes)
            {
                throw new RefusedException(ErrorCode.SourceTooLarge, $"The upload is larger than {options.MaxBytes} bytes.");
            }

            yield return request.Body;
            yield break;
        }

        var reader = new MultipartReader(BoundaryOf(type), request.Body);
        for (var parts = 1; await FindPartAsync(reader, cancellationToken) is { } part; parts++)
        {
            if (parts > options.MaxParts)
            {
                throw new RefusedException(ErrorCode.TooManyParts, $"The form has more than {options.MaxParts} parts.");
            }

            if (IsImage(part))
            {
                ContentEncoding.Refuse(part.Headers?.GetValueOrDefault(HeaderNames.ContentEncoding));

                yield return new FormStream(part.Body, parts) { FileName = FileNameOf(part) };
            }
        }
    }

    private static MediaTypeHeaderValue? TypeOf(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType))
        {
            return null;
        }

        var isAccepted = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.Type.Equals("image", StringComparison.OrdinalIgnoreCase)
                || UnknownTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase)
                || type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase));

        return isAccepted ? type : throw new RefusedException(
            ErrorCode.UnsupportedMediaType,
            "The body must be of type image/... or application/octet-stream, or a form of type multipart/form-data.");
    }

    private static string BoundaryOf(MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= MaxBoundaryLength } boundary
            ? boundary
            : throw Malformed();

    private static async Task<MultipartSection?> FindPartAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception malformed) when (FormStream.IsMalformed(malformed))
        {
            throw Malformed();
        }
    }

    /// <summary>A file, or a part with an image type. Other fields of the form are skipped.</summary>
    private static bool IsImage(MultipartSection part) =>
        DispositionOf(part)?.IsFileDisposition() == true
        || part.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The parser accepts names that it can't decode, and fails when they are read.</summary>
    /// <exception cref="RefusedException">The name of the file is malformed.</exception>
    private static ContentDispositionHeaderValue? DispositionOf(MultipartSection part)
    {
        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
        {
            return null;
        }

        try
        {
            _ = (disposition.FileNameStar, disposition.FileName);

            return disposition;
        }
        catch (Exception undecodable) when (undecodable is ArgumentException or NotSupportedException)
        {
            throw Malformed();
        }
    }

    private static string? FileNameOf(MultipartSection part)
    {
        if (DispositionOf(part) is not { } disposition)
        {
            return null;
        }

        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        var path = HeaderUtilities.UnescapeAsQuotedString(name).Value;

        return path?[(path.LastIndexOfAny(['/', '\\']) + 1)..];
    }

    internal static RefusedException Malformed() =>
        new(ErrorCode.InvalidRequest, "The form is malformed or incomplete.");
}
