namespace ImageResize.Core.Idempotency;

/// <summary>The response to a request, stored so that it can be sent again.</summary>
/// <param name="Request">
/// The fingerprint of the request; null if the response must not be stored, because a repeated request may succeed.
/// </param>
public sealed record StoredResponse(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body, string? Request)
{
    /// <summary>The largest body that every store can store.</summary>
    public const int MaxBytes = 512 * 1024;
}
