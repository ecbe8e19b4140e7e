using System.Text.Json;
using System.Text.RegularExpressions;
using ImageResize.Functions.Standalone.Queues;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>A published function app as its files declare it: host.json, and a function.json for each function.</summary>
internal sealed class FunctionApp(string root)
{
    /// <summary>Every value of host.json can be set from outside; this is how a deployment names another executable.</summary>
    public const string ExecutablePathSetting = "AzureFunctionsJobHost__customHandler__description__defaultExecutablePath";

    private readonly Dictionary<string, JsonElement> _functions = ReadFunctions(root);

    public string Root => root;

    public QueueSettings Queues { get; } = QueueSettings.Read(Path.Combine(root, "host.json"));

    public JsonElement HostJson { get; } = Read(Path.Combine(root, "host.json"));

    /// <summary>Every function's name, with its function.json.</summary>
    public IReadOnlyDictionary<string, JsonElement> Functions => _functions;

    public TimeSpan FunctionTimeout => TimeSpan.Parse(HostJson.GetProperty("functionTimeout").GetString()!);

    public static JsonElement Trigger(JsonElement function) => function.GetProperty("bindings").EnumerateArray()
        .Single(binding => binding.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal));

    public JsonElement Trigger(string function) => Trigger(_functions[function]);

    /// <summary>The functions of a type of trigger.</summary>
    public IEnumerable<string> Triggered(string type) =>
        _functions.Keys.Where(function => Trigger(function).GetProperty("type").GetString() == type);

    /// <summary>Whether a function takes a request from outside, by the routes and methods of function.json.</summary>
    public bool Takes(string method, string path) => Triggered("httpTrigger").Select(Trigger).Any(trigger =>
        Regex.IsMatch(path.Trim('/'), $"^{RoutePattern(trigger)}$", RegexOptions.IgnoreCase)
        && trigger.GetProperty("methods").EnumerateArray().Any(taken => taken.GetString()!.Equals(method, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Three forms of routes are used: a path, a path with all below it, and the root (an empty route is the function's name).</summary>
    private static string RoutePattern(JsonElement trigger) => trigger.GetProperty("route").GetString() switch
    {
        "{ignored:maxlength(0)?}" => "",
        var route => Regex.Replace(Regex.Escape(route!), @"\\\{\\\*\w+}", ".*"),
    };

    private static Dictionary<string, JsonElement> ReadFunctions(string root) => Directory.GetDirectories(root)
        .Where(folder => File.Exists(Path.Combine(folder, "function.json")))
        .ToDictionary(folder => Path.GetFileName(folder)!, folder => Read(Path.Combine(folder, "function.json")));

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
}
