using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace ImageResize.Functions.Access;

/// <summary>Who may call, standalone; under the Functions host keys are the host's. Bound from <c>ImageResize</c>.</summary>
public sealed partial class AccessOptions : IValidatableObject
{
    private const int ShortestKey = 16;
    private const int LongestKey = 256;

    /// <summary>A key for each caller, by the caller's name (<c>ImageResize__Keys__shop</c>). One for each, so that one can be changed or withdrawn.</summary>
    public Dictionary<string, string> Keys { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Opens what is the operator's, and nothing else: metrics and the details of health. Empty: nobody sees them.</summary>
    public string AdminKey { get; init; } = "";

    /// <summary>
    /// Origins of web pages that may call (<c>https://shop.example</c>), with a comma between; * allows all, empty none. A key still is needed.
    /// </summary>
    public string AllowedOrigins { get; init; } = "";

    internal string[] Origins => AllowedOrigins.Length == 0 ? [] : AllowedOrigins.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>What is wrong is said by a setting's name: a key is never written anywhere, a mistyped one neither.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var name in Keys.Keys.Where(name => !CallerName().IsMatch(name)))
        {
            yield return new ValidationResult($"{SettingOf(name)}: a caller's name is 1 to 64 letters, digits, '-' and '_', and not admin.");
        }

        var settings = Keys.Select(key => (Name: SettingOf(key.Key), Key: key.Value)).ToList();
        if (AdminKey.Length > 0)
        {
            settings.Add(($"ImageResize__{nameof(AdminKey)}", AdminKey));
        }

        foreach (var (name, _) in settings.Where(setting => !IsKey(setting.Key)))
        {
            yield return new ValidationResult($"{name} is not {ShortestKey} to {LongestKey} printable ASCII characters without spaces.");
        }

        foreach (var origin in Origins.Where(origin => !IsOrigin(origin)))
        {
            yield return new ValidationResult(
                $"ImageResize__{nameof(AllowedOrigins)} names '{origin}', which is no origin: those are like https://shop.example, with nothing behind.");
        }

        foreach (var same in settings.GroupBy(setting => setting.Key, setting => setting.Name).Where(same => same.Count() > 1))
        {
            yield return new ValidationResult($"{string.Join(" and ", same)} are the same key.");
        }
    }

    private static string SettingOf(string name) => $"ImageResize__{nameof(Keys)}__{name}";

    /// <summary>Exactly as browsers write it: another spelling would never match.</summary>
    private static bool IsOrigin(string text) =>
        text == "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && text == address.GetLeftPart(UriPartial.Authority));

    private static bool IsKey(string? key) => key is { Length: >= ShortestKey and <= LongestKey } && key.All(letter => letter is > ' ' and <= '~');

    [GeneratedRegex(@"^(?!admin\z)[A-Za-z0-9_-]{1,64}\z", RegexOptions.IgnoreCase)]
    private static partial Regex CallerName();
}
