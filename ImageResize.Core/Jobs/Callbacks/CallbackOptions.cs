using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Jobs.Callbacks;

/// <summary>How callbacks are signed. Bound from <c>ImageResize:Callbacks</c>.</summary>
public sealed class CallbackOptions : IValidatableObject
{
    private const string Prefix = "whsec_";

    /// <summary>
    /// As Standard Webhooks writes them: <c>whsec_</c> and the base64 of 24 to 64 random bytes. Several with a space between sign
    /// side by side, so that a secret can be changed while receivers still know the old one. Empty: no batch can ask for a callback.
    /// </summary>
    public string Secrets { get; init; } = "";

    /// <summary>The bytes to sign with, a key for each secret.</summary>
    internal IReadOnlyList<byte[]> Keys => [.. Parts.Select(FindKey).OfType<byte[]>()];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // By its place: a secret is never written anywhere, a mistyped one neither.
        var wrong = Array.FindIndex(Parts, secret => FindKey(secret) is null);
        if (wrong >= 0)
        {
            yield return new ValidationResult(
                $"ImageResize__Callbacks__Secrets: number {wrong + 1} is not {Prefix} and the base64 of 24 to 64 bytes.",
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
