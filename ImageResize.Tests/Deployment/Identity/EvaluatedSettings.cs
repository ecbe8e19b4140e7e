using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageResize.Tests.Deployment.Identity;

/// <summary>The app settings of a deployed function app.</summary>
internal static partial class EvaluatedSettings
{
    /// <param name="references">Properties of deployed resources, by the name that the template reads.</param>
    public static Dictionary<string, string> Of(JsonElement app, IReadOnlyDictionary<string, string> references) =>
        app.GetProperty("properties").GetProperty("siteConfig").GetProperty("appSettings").EnumerateArray().ToDictionary(
            setting => setting.GetProperty("name").GetString()!,
            setting => Evaluate(setting.GetProperty("value").GetString()!, references));

    /// <summary>Evaluates what the compiler can't: <c>[reference(...).property]</c> and a text that contains it.</summary>
    private static string Evaluate(string value, IReadOnlyDictionary<string, string> references)
    {
        if (!value.StartsWith('['))
        {
            return value;
        }

        var expression = Reference().Match(value);
        Assert.True(expression.Success, value);
        var format = expression.Groups["format"] is { Success: true } text ? text.Value : "{0}";

        return format.Replace("{0}", references[expression.Groups["property"].Value], StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\[(format\('(?<format>[^']*)', )?reference\('[^']+', '[^']+'\)\.(?<property>\w+)\)?\]$")]
    private static partial Regex Reference();
}
