using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Callbacks;

/// <summary>How callbacks are signed. Bound from <c>ImageResize:Callbacks</c>.</summary>
public sealed class CallbackOptions : IValidatableObject
{
    private const string Prefix = "whsec_";

    /// <summary>
    /// Secrets as Standard Webhooks writes them: <c>whsec_</c> and 24 to 64 random bytes in base64. Callbacks are signed with each of
    /// several secrets, separated by spaces, so that a secret can be changed while receivers still use the old one. If empty, callbacks are
    /// refused.
    /// </summary>
    public string Secrets { get; init; } = "";

    /// <summary>
    /// Whether receivers on this machine may be called, at any port, to try out callbacks. Allowed only in Development.
    /// </summary>
    public bool AllowLoopback { get; init; }

    /// <summary>The key of each secret.</summary>
    internal IReadOnlyList<byte[]> Keys => [.. Parts.Select(FindKey).OfType<byte[]>()];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // A secret must not be logged, not even an invalid one, so it is identified by its position.
        var invalid = Array.FindIndex(Parts, secret => FindKey(secret) is null);
        if (invalid >= 0)
        {
            yield return new ValidationResult(
                $"ImageResize__Callbacks__Secrets: number {invalid + 1} is not {Prefix} and the base64 of 24 to 64 bytes.",
                [nameof(Secrets)]);
        }
    }

    private string[] Parts => Secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static byte[]? FindKey(string secret)
    {
        var key = new byte[secret.Length];

        return secret.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length)
            && length is >= 24 and <= 64
                ? key[..length]
                : null;
    }
}
