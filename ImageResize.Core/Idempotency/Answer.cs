namespace ImageResize.Core.Idempotency;

/// <summary>What a request was answered, so that it can be answered so again.</summary>
/// <param name="Request">The fingerprint of the request; none if the answer must not be kept, for the next one may be better.</param>
public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body, string? Request)
{
    /// <summary>What every store holds.</summary>
    public const int MostBytes = 512 * 1024;
}
