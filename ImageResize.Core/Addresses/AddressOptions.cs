using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace ImageResize.Core.Addresses;

/// <summary>Addresses that are thumbnails. Bound from <c>ImageResize:Addresses</c>.</summary>
public sealed partial class AddressOptions : IValidatableObject
{
    private const int MinKeyLength = 32;
    private const int MaxKeyLength = 256;

    /// <summary>
    /// The keys that sign addresses, by the name of the caller as whom a signed address reads its source
    /// (<c>ImageResize__Addresses__Keys__shop</c>).
    /// </summary>
    public Dictionary<string, string> Keys { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A second key of the caller, which is valid beside the first while addresses change from one to the other.</summary>
    public Dictionary<string, string> NextKeys { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The presets, separated by commas, whose addresses need no signature. Empty allows none.</summary>
    public string UnsignedPresets { get; init; } = "";

    /// <summary>How long browsers and CDNs use a thumbnail before they ask whether it has changed.</summary>
    [Range(0, 31_536_000)]
    public int MaxAgeSeconds { get; init; } = 3_600;

    /// <summary>How long the version of a blob or an upload is used before it is checked again. Files are always checked.</summary>
    [Range(0, 3_600)]
    public int CheckSeconds { get; init; } = 10;

    /// <summary>How long the thumbnail of a web image is used before the image is read again.</summary>
    [Range(60, 2_592_000)]
    public int WebSeconds { get; init; } = 3_600;

    /// <summary>How many days a thumbnail is stored after it was made. It is made again when it is asked for later.</summary>
    [Range(1, 36_500)]
    public int RetentionDays { get; init; } = 30;

    /// <summary>Memory for thumbnails that were asked for recently. 0 keeps none.</summary>
    [Range(0, 4_096)]
    public int CacheMegabytes { get; init; } = 16;

    internal bool AllowsUnsigned(string preset) =>
        UnsignedPresets.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Contains(preset, StringComparer.OrdinalIgnoreCase);

    /// <summary>Messages contain names of settings but never a key, not even an invalid one.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (setting, caller, key) in ListKeys())
        {
            if (!CallerName().IsMatch(caller))
            {
                yield return new ValidationResult($"{setting}: a caller's name must be 1 to 64 letters, digits, '-' and '_'.");
            }

            if (key is not { Length: >= MinKeyLength and <= MaxKeyLength } || !key.All(character => character is > ' ' and <= '~'))
            {
                yield return new ValidationResult(
                    $"{setting} must be {MinKeyLength} to {MaxKeyLength} printable ASCII characters without spaces.");
            }
        }
    }

    private IEnumerable<(string Setting, string Caller, string Key)> ListKeys() =>
        from kind in ((string Name, Dictionary<string, string> Keys)[])[(nameof(Keys), Keys), (nameof(NextKeys), NextKeys)]
        from key in kind.Keys
        select ($"ImageResize__Addresses__{kind.Name}__{key.Key}", key.Key, key.Value);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex CallerName();
}
