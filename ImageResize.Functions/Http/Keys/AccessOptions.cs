using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace ImageResize.Functions.Http.Keys;

/// <summary>
/// Keys and origins of callers. Under the Functions host, which has keys of its own, only the admin key is used. Bound from
/// <c>ImageResize</c>.
/// </summary>
public sealed partial class AccessOptions : IValidatableObject
{
    private const int MinKeyLength = 16;
    private const int MaxKeyLength = 256;

    /// <summary>
    /// One key for each caller, by the caller's name (<c>ImageResize__Keys__shop</c>), so that each can be changed or withdrawn.
    /// </summary>
    public Dictionary<string, string> Keys { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A second key of the caller, valid beside the first, so that the caller can change keys without an interruption.</summary>
    public Dictionary<string, string> NextKeys { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A key that can only read what belongs to the caller, for example for a dashboard.</summary>
    public Dictionary<string, string> ReadKeys { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The operator's key, for metrics and the details of health only. If it is empty, nobody can read them.</summary>
    public string AdminKey { get; init; } = "";

    /// <summary>
    /// Origins of web pages that may call (<c>https://shop.example</c>), separated by commas. * allows all, empty none. Pages still need a
    /// key.
    /// </summary>
    public string AllowedOrigins { get; init; } = "";

    internal string[] Origins => AllowedOrigins.Length == 0 ? [] : AllowedOrigins.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>Messages contain names of settings but never a key, not even an invalid one.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var callers = ListKeys().ToList();
        foreach (var (setting, _, _) in callers.Where(key => !CallerName().IsMatch(key.Caller)))
        {
            yield return new ValidationResult(
                $"{setting}: a caller's name must be 1 to 64 letters, digits, '-' and '_', and not admin.");
        }

        var settings = callers.Select(key => (Name: key.Setting, key.Key)).ToList();
        if (AdminKey.Length > 0)
        {
            settings.Add(($"ImageResize__{nameof(AdminKey)}", AdminKey));
        }

        foreach (var (name, _) in settings.Where(setting => !IsKey(setting.Key)))
        {
            yield return new ValidationResult(
                $"{name} must be {MinKeyLength} to {MaxKeyLength} printable ASCII characters without spaces.");
        }

        foreach (var origin in Origins.Where(origin => !IsOrigin(origin)))
        {
            yield return new ValidationResult(
                $"ImageResize__{nameof(AllowedOrigins)} contains '{origin}'. An origin is like https://shop.example, without a path.");
        }

        foreach (var same in settings.GroupBy(setting => setting.Key, setting => setting.Name).Where(same => same.Count() > 1))
        {
            yield return new ValidationResult($"{string.Join(" and ", same)} must not be the same key.");
        }
    }

    private IEnumerable<(string Setting, string Caller, string Key)> ListKeys() =>
        from kind in ((string Name, Dictionary<string, string> Keys)[])
            [(nameof(Keys), Keys), (nameof(NextKeys), NextKeys), (nameof(ReadKeys), ReadKeys)]
        from key in kind.Keys
        select ($"ImageResize__{kind.Name}__{key.Key}", key.Key, key.Value);

    /// <summary>Requires the spelling of browsers. Another one would never match.</summary>
    private static bool IsOrigin(string text) =>
        text == "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && text == address.GetLeftPart(UriPartial.Authority));

    private static bool IsKey(string? key) =>
        key is { Length: >= MinKeyLength and <= MaxKeyLength } && key.All(character => character is > ' ' and <= '~');

    [GeneratedRegex(@"^(?!admin\z)[A-Za-z0-9_-]{1,64}\z", RegexOptions.IgnoreCase)]
    private static partial Regex CallerName();
}
