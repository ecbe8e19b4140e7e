using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using ImageResize.Core.Validation;

namespace ImageResize.Core.Watches.Settings;

/// <summary>
/// Watched containers and folders by a name of the operator's choice: <c>ImageResize__Watches__products__Source=blob://products/</c>.
/// </summary>
public sealed partial class WatchOptions : Dictionary<string, WatchSettings>, IValidatableObject
{
    public WatchOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    /// <summary>Checks each value by itself. <see cref="WatchRules"/> checks those that depend on other settings.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, settings) in this)
        {
            if (!WatchName().IsMatch(name))
            {
                yield return new ValidationResult($"{NameOf(name)}: a watch's name must be 1 to 40 letters, digits, '-' and '_'.");
            }

            foreach (var (_, message) in ValueRules.FindInvalid(settings, property => NameOf(name, property)))
            {
                yield return new ValidationResult(message);
            }

            if (string.IsNullOrEmpty(settings.Preset) == string.IsNullOrEmpty(settings.Actions))
            {
                yield return new ValidationResult($"{NameOf(name)} needs either {NameOf(name, "Preset")} or {NameOf(name, "Actions")}.");
            }

            if (settings.Caller is { Length: > 0 } caller && !CallerName().IsMatch(caller))
            {
                yield return new ValidationResult(
                    $"{NameOf(name, "Caller")} must be 1 to 64 letters, digits, '-' and '_', or principal:ID.");
            }
        }
    }

    /// <summary>The full name of a setting, for messages.</summary>
    internal static string NameOf(string watch, string property = "") =>
        $"ImageResize__Watches__{watch}{(property.Length > 0 ? "__" : "")}{property}";

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,40}\z")]
    private static partial Regex WatchName();

    [GeneratedRegex(@"^([A-Za-z0-9_-]{1,64}|principal:[\x21-\x7E]{1,255})\z")]
    private static partial Regex CallerName();
}
