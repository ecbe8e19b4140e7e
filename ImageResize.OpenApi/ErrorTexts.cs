using ImageResize.Core.Errors;

namespace ImageResize.OpenApi;

/// <summary>The reason for each error code, for its callers.</summary>
internal static class ErrorTexts
{
    private static readonly Dictionary<ErrorCode, string> Reasons = new()
    {
        [ErrorCode.InvalidSource] = "the text isn't a source",
        [ErrorCode.SourceNotAllowed] = "outside the images folder, in a container that isn't allowed, or not a public address",
        [ErrorCode.SourceNotFound] = "the source doesn't exist",
        [ErrorCode.SourceNotAFile] = "the source isn't a file",
        [ErrorCode.SourceIsFolder] = "a job needs a single image",
        [ErrorCode.SourceEmpty] = "the source or the request contains no image",
        [ErrorCode.SourceTooLarge] = "the source has more bytes than the settings allow",
        [ErrorCode.SourceNotPublic] = "a web address returned a page instead of an image",
        [ErrorCode.SourceUnreachable] = "a web address didn't answer, or a blob is in the archive tier",
        [ErrorCode.NotAnImage] = "the bytes aren't an image",
        [ErrorCode.UnsupportedFormat] = "an image in a format that isn't supported",
        [ErrorCode.TooLarge] = "a request body or an image is larger than allowed",
        [ErrorCode.Damaged] = "the header can be read, the pixels can't",
        [ErrorCode.ImageTooSlow] = "decoding took longer than the settings allow, or the thumbnails certainly will",
        [ErrorCode.DecoderCrashed] = "the decoder crashed twice, each time in a separate process",
        [ErrorCode.InvalidRequest] = "the request is invalid",
        [ErrorCode.InvalidItem] = "an item is invalid",
        [ErrorCode.InvalidItems] = "`items` lists the invalid items with their reasons. No job was queued",
        [ErrorCode.TooManyItems] = "there are more items than allowed",
        [ErrorCode.UnknownPreset] = "no preset has this name",
        [ErrorCode.InvalidCallback] = "not a web address, or one with unsupported parts",
        [ErrorCode.CallbackNotAllowed] = "not a public address, or a port other than 80 and 443",
        [ErrorCode.CallbacksSwitchedOff] = "no secret to sign callbacks is configured",
        [ErrorCode.InvalidIdempotencyKey] =
            "`Idempotency-Key` is empty, longer than 255 characters, repeated, or contains control characters",
        [ErrorCode.IdempotencyKeyReused] = "the idempotency key was used for a different request",
        [ErrorCode.IdempotencyKeyInUse] = "the first request with this idempotency key is still running after 10 seconds. Try again",
        [ErrorCode.TooManyParts] = "a form has more parts than the settings allow",
        [ErrorCode.ContentEncodingNotSupported] = "the request or source has a `Content-Encoding`. Store or send the data itself",
        [ErrorCode.UnsupportedMediaType] = "the content type isn't supported",
        [ErrorCode.Unauthorized] = "no key or token, or an invalid one",
        [ErrorCode.Forbidden] = "the key can only read, or the caller of the token has no role for the request",
        [ErrorCode.InvalidSignature] = "the signature isn't that of the options and the source, or is missing",
        [ErrorCode.AddressExpired] = "the address was valid until a time that has passed",
        [ErrorCode.TooManyRequests] = "a key's limit of requests, uploads or waits was exceeded",
        [ErrorCode.TooMuchOpenWork] = "the caller's unfinished jobs will take too long for more",
        [ErrorCode.DailyBytesUsed] = "the caller's uploads and thumbnails of this UTC day have as many bytes as allowed",
        [ErrorCode.RequestTooSlow] = "the body was sent at less than 240 bytes per second",
        [ErrorCode.NotFound] = "no such address",
        [ErrorCode.MethodNotAllowed] = "the address doesn't support the method",
        [ErrorCode.PreconditionFailed] = "the thumbnail isn't that of `If-Match`",
        [ErrorCode.BatchNotFound] = "no such batch",
        [ErrorCode.BatchExpired] = "the batch has expired",
        [ErrorCode.BatchNotOver] = "the batch hasn't ended",
        [ErrorCode.NothingFailed] = "no job of the batch has failed, or none that a retry can fix",
        [ErrorCode.JobNotFound] = "no such job",
        [ErrorCode.JobExpired] = "the job has expired",
        [ErrorCode.ThumbnailNotFound] = "the job has no such thumbnail, or it was deleted",
        [ErrorCode.UploadNotFound] = "no such upload",
        [ErrorCode.UploadExpired] = "the upload has expired",
        [ErrorCode.UploadAddressUnavailable] = "the service can't sign addresses of its storage",
        [ErrorCode.StorageUnavailable] = "storage didn't answer. Try again, with the same idempotency key if there was one",
        [ErrorCode.IssuerUnavailable] = "the issuer of tokens didn't answer, so the token can't be checked. Try again",
        [ErrorCode.Busy] = "the memory for request bodies is in use. Try again",
        [ErrorCode.DiskFull] = "a disk of the service is full",
        [ErrorCode.Unexpected] = "an unexpected error. Details are in the log",
        [ErrorCode.GaveUp] = "five attempts failed because of the service or its storage",
    };

    /// <summary>The codes that a failed job can have.</summary>
    public static IReadOnlyList<ErrorCode> OfJobs { get; } =
    [
        ErrorCode.InvalidSource, ErrorCode.SourceNotAllowed, ErrorCode.SourceNotFound, ErrorCode.SourceNotAFile, ErrorCode.SourceEmpty,
        ErrorCode.SourceTooLarge, ErrorCode.SourceNotPublic, ErrorCode.SourceUnreachable, ErrorCode.ContentEncodingNotSupported,
        ErrorCode.NotAnImage, ErrorCode.UnsupportedFormat, ErrorCode.TooLarge, ErrorCode.Damaged, ErrorCode.ImageTooSlow,
        ErrorCode.DecoderCrashed, ErrorCode.DailyBytesUsed, ErrorCode.InvalidItem, ErrorCode.TooManyItems, ErrorCode.UnknownPreset,
        ErrorCode.GaveUp,
    ];

    public static IEnumerable<ErrorCode> All => Reasons.Keys;

    /// <param name="error">Its status can be that of one endpoint.</param>
    public static string Of(ErrorCode error) =>
        Reasons.TryGetValue(error, out var reason) ? reason : Reasons.First(known => known.Key.Name == error.Name).Value;

    /// <summary>A sentence for the <c>detail</c> of an example.</summary>
    public static string Example(ErrorCode error)
    {
        var reason = Of(error).Replace("`", "", StringComparison.Ordinal);

        return $"{char.ToUpperInvariant(reason[0])}{reason[1..]}.";
    }
}
