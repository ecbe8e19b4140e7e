using System.Runtime.CompilerServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;
using ImageResize.Core.Uploads;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>The images of an upload, one after the other as they arrive: the body itself, or the files of a form. Names are ignored.</summary>
internal static class UploadBody
{
    private const string Form = "multipart/form-data";
    private const int LongestBoundary = 70;

    /// <exception cref="RefusedException">The headers tell already that it will not do, or a form is malformed.</exception>
    public static async IAsyncEnumerable<Stream> ReadAsync(
        HttpRequest request,
        UploadOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CheckNotEncoded(request.Headers.ContentEncoding.ToString());
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
                CheckNotEncoded(part.Headers?.GetValueOrDefault(HeaderNames.ContentEncoding).ToString() ?? "");

                yield return new FormStream(part.Body);
            }
        }
    }

    private static MediaTypeHeaderValue? TypeOf(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType))
        {
            return null;
        }

        var isTaken = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.Type.Equals("image", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase));

        return isTaken ? type : throw new RefusedException(
            ErrorCode.UnsupportedMediaType,
            "An upload is a body of type image/... or application/octet-stream, or a form of type multipart/form-data.");
    }

    private static string BoundaryOf(MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= LongestBoundary } boundary
            ? boundary
            : throw Malformed();

    private static void CheckNotEncoded(string encoding)
    {
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(ErrorCode.ContentEncodingNotSupported, "An upload is sent as it is, without a Content-Encoding.");
        }
    }

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

    /// <summary>A file, or what says that it is an image; a form's other fields are passed over.</summary>
    private static bool IsImage(MultipartSection part) =>
        (ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) && disposition.IsFileDisposition())
        || part.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true;

    internal static RefusedException Malformed() =>
        new(ErrorCode.InvalidRequest, "The form is malformed, or ends too early.");
}
