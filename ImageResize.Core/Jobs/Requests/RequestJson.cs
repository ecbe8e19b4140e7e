using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>How requests are read and answers written: camel case, words for enums, what is not there left out, unknown names refused.</summary>
public static class RequestJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>What a value can be, by its name, where that is one of some words.</summary>
    private static readonly Dictionary<string, string> Words = typeof(ThumbnailRequest).GetProperties()
        .Select(property => (property.Name, Type: property.PropertyType.GenericTypeArguments.FirstOrDefault(property.PropertyType)))
        .Where(property => property.Type.IsEnum || property.Type == typeof(OutputFormat))
        .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), property => WordsOf(property.Type));

    /// <summary>Why a text could not be read, for its sender: one that is no JSON is told apart from one that says what we do not know.</summary>
    /// <param name="what">The text, as a sentence begins with it.</param>
    public static string Explain(JsonException unreadable, string what)
    {
        if (unreadable.InnerException is JsonException)
        {
            return $"{what} is no JSON from its line {unreadable.LineNumber + 1}, byte {unreadable.BytePositionInLine + 1}, on.";
        }

        var path = unreadable.Path ?? "$";
        var name = path[(path.LastIndexOf('.') + 1)..].Split('[')[0];

        return Words.TryGetValue(name, out var words)
            ? $"{what} cannot be read at {path}: it is one of {words}."
            : $"{what} cannot be read at {path}: an unknown name, or a value of another type.";
    }

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;

        return options;
    }

    private static string WordsOf(Type type) => string.Join(", ", type == typeof(OutputFormat)
        ? OutputFormat.Names
        : Enum.GetValues(type).Cast<object>().Select(word => JsonSerializer.Serialize(word, type, Options).Trim('"')));
}
