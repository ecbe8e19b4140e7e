namespace ImageResize.Core.Errors;

/// <summary>
/// The list of all error codes: the stable <c>code</c> of a failed job and of a problem+json answer, which callers program against.
/// docs/api.md describes each.
/// </summary>
/// <param name="Name">In snake case. Never changes.</param>
/// <param name="Status">The HTTP status when the error is the answer to a request.</param>
public sealed record ErrorCode(string Name, int Status)
{
    // The source: the text that names it, and what is found there.
    public static readonly ErrorCode InvalidSource = new("invalid_source", 400);
    public static readonly ErrorCode SourceNotAllowed = new("source_not_allowed", 400);
    public static readonly ErrorCode SourceNotFound = new("source_not_found", 400);
    public static readonly ErrorCode SourceNotAFile = new("source_not_a_file", 400);
    public static readonly ErrorCode SourceIsFolder = new("source_is_folder", 400);
    public static readonly ErrorCode SourceEmpty = new("source_empty", 400);
    public static readonly ErrorCode SourceTooLarge = new("source_too_large", 413);

    /// <summary>A web address that answers, but not with a public image.</summary>
    public static readonly ErrorCode SourceNotPublic = new("source_not_public", 400);

    /// <summary>A web address that does not answer in time or correctly; a blob in the archive tier.</summary>
    public static readonly ErrorCode SourceUnreachable = new("source_unreachable", 400);

    // The image.
    public static readonly ErrorCode NotAnImage = new("not_an_image", 415);

    /// <summary>An image in a format that is not read (SVG, PDF, HEIC...); the message names it.</summary>
    public static readonly ErrorCode UnsupportedFormat = new("unsupported_format", 415);

    /// <summary>More pixels, frames or bytes than the settings allow.</summary>
    public static readonly ErrorCode TooLarge = new("too_large", 413);

    /// <summary>The header can be read, the pixels cannot.</summary>
    public static readonly ErrorCode Damaged = new("damaged", 422);

    /// <summary>Decoding takes longer than the settings allow.</summary>
    public static readonly ErrorCode ImageTooSlow = new("too_slow", 422);

    /// <summary>The decoder crashed on this image at each attempt.</summary>
    public static readonly ErrorCode DecoderCrashed = new("decoder_crashed", 422);

    // The request.
    public static readonly ErrorCode InvalidRequest = new("invalid_request", 400);
    public static readonly ErrorCode InvalidItem = new("invalid_item", 400);
    public static readonly ErrorCode InvalidItems = new("invalid_items", 400);
    public static readonly ErrorCode TooManyItems = new("too_many_items", 400);
    public static readonly ErrorCode UnknownPreset = new("unknown_preset", 400);
    public static readonly ErrorCode InvalidCallback = new("invalid_callback", 400);
    public static readonly ErrorCode CallbackNotAllowed = new("callback_not_allowed", 400);

    /// <summary>The operator has set no secret to sign callbacks with.</summary>
    public static readonly ErrorCode CallbacksSwitchedOff = new("callbacks_switched_off", 400);

    public static readonly ErrorCode InvalidIdempotencyKey = new("invalid_idempotency_key", 400);
    public static readonly ErrorCode IdempotencyKeyReused = new("idempotency_key_reused", 422);
    public static readonly ErrorCode IdempotencyKeyInUse = new("idempotency_key_in_use", 409);
    public static readonly ErrorCode TooManyParts = new("too_many_parts", 413);
    public static readonly ErrorCode ContentEncodingNotSupported = new("content_encoding_not_supported", 415);
    public static readonly ErrorCode UnsupportedMediaType = new("unsupported_media_type", 415);
    public static readonly ErrorCode Unauthorized = new("unauthorized", 401);

    /// <summary>The key or token is valid but does not permit the request.</summary>
    public static readonly ErrorCode Forbidden = new("forbidden", 403);

    /// <summary>The signature of an address is not that of its options and source, or the address needs one.</summary>
    public static readonly ErrorCode InvalidSignature = new("invalid_signature", 403);

    /// <summary>The time until which an address is valid has passed.</summary>
    public static readonly ErrorCode AddressExpired = new("address_expired", 410);

    public static readonly ErrorCode TooManyRequests = new("too_many_requests", 429);

    /// <summary>The caller's unfinished jobs have reached their limit of processor time.</summary>
    public static readonly ErrorCode TooMuchOpenWork = new("too_much_open_work", 429);

    /// <summary>The caller's uploads and thumbnails of this day have reached their limit of bytes.</summary>
    public static readonly ErrorCode DailyBytesUsed = new("daily_bytes_used", 429);

    /// <summary>The request's body arrived too slowly.</summary>
    public static readonly ErrorCode RequestTooSlow = new("too_slow", 408);

    // The resource.
    public static readonly ErrorCode NotFound = new("not_found", 404);
    public static readonly ErrorCode MethodNotAllowed = new("method_not_allowed", 405);

    /// <summary>The resource does not match the request's <c>If-Match</c> or <c>If-Unmodified-Since</c>.</summary>
    public static readonly ErrorCode PreconditionFailed = new("precondition_failed", 412);

    public static readonly ErrorCode BatchNotFound = new("batch_not_found", 404);
    public static readonly ErrorCode BatchExpired = new("batch_expired", 410);
    public static readonly ErrorCode BatchNotOver = new("batch_not_over", 409);
    public static readonly ErrorCode NothingFailed = new("nothing_failed", 409);
    public static readonly ErrorCode JobNotFound = new("job_not_found", 404);
    public static readonly ErrorCode JobExpired = new("job_expired", 410);
    public static readonly ErrorCode ThumbnailNotFound = new("thumbnail_not_found", 404);
    public static readonly ErrorCode UploadNotFound = new("upload_not_found", 404);
    public static readonly ErrorCode UploadExpired = new("upload_expired", 410);

    /// <summary>The storage account is used in a way in which addresses for uploads can't be signed.</summary>
    public static readonly ErrorCode UploadAddressUnavailable = new("upload_address_unavailable", 501);

    // Faults of the service.
    public static readonly ErrorCode StorageUnavailable = new("storage_unavailable", 503);

    /// <summary>The issuer of tokens does not answer, and its keys are not known.</summary>
    public static readonly ErrorCode IssuerUnavailable = new("issuer_unavailable", 503);

    /// <summary>The service has no free memory for the request.</summary>
    public static readonly ErrorCode Busy = new("busy", 503);

    /// <summary>A disk of the service is full.</summary>
    public static readonly ErrorCode DiskFull = new("disk_full", 507);

    public static readonly ErrorCode Unexpected = new("unexpected", 500);

    /// <summary>A job that was given up after repeated faults of the service or of storage.</summary>
    public static readonly ErrorCode GaveUp = new("gave_up", 500);

    public override string ToString() => Name;
}
