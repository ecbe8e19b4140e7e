using System.ComponentModel.DataAnnotations;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources.Uploads;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>The body of <c>POST /v1/uploads</c>.</summary>
/// <param name="Name">The name of the file. What is not safe in it is replaced.</param>
/// <param name="Bytes">Its size, so that a file that is too large is refused before it is sent.</param>
public sealed record UploadAddressRequest(
    string? Name = null,
    [property: Range(1, long.MaxValue, ErrorMessage = "bytes must be an integer of at least 1.")] long? Bytes = null);

/// <summary>Where and how to send an upload.</summary>
/// <param name="Source">The source that it becomes.</param>
/// <param name="Address">Where to send it with PUT, without a key. Secret: whoever knows it can send the upload.</param>
/// <param name="Headers">To be sent with it.</param>
public sealed record UploadAddressReply(string Source, Uri Address, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Until when it can be sent.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required long MaxBytes { get; init; }

    internal static UploadAddressReply Of(UploadId id, UploadAddress address, DateTimeOffset expiresAt, long maxBytes) =>
        new(UploadSource.SourceOf(id).Redacted, address.Address, address.Headers) { ExpiresAt = expiresAt, MaxBytes = maxBytes };
}
