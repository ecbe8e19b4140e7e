using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Core.Imaging.Operations;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>
/// How JSON requests are read and responses written: camel case, enum values as words, nulls omitted, unknown names refused.
/// </summary>
public static class RequestJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The allowed words of each enum property, by its JSON name.</summary>
    private static readonly Dictionary<string, string> Words = typeof(ThumbnailRequest).GetProperties()
        .Select(property => (property.Name, Type: property.PropertyType.GenericTypeArguments.FirstOrDefault(property.PropertyType)))
        .Where(property => property.Type.IsEnum || property.Type == typeof(OutputFormat))
        .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), property => WordsOf(property.Type));

    /// <summary>Explains to the sender why JSON was refused: because its syntax or because a name or a value is wrong.</summary>
    /// <param name="subject">What was read, as the first words of the sentence.</param>
    public static string Explain(JsonException invalid, string subject)
    {
        if (!IsWellFormed(invalid))
        {
            return $"{subject} is not valid JSON at line {invalid.LineNumber + 1}, byte {invalid.BytePositionInLine + 1}.";
        }

        var path = invalid.Path ?? "$";
        var name = path[(path.LastIndexOf('.') + 1)..].Split('[')[0];

        if (invalid.Message.StartsWith("Duplicate ", StringComparison.Ordinal))
        {
            return $"{subject} has the same name twice at {path}.";
        }

        return Words.TryGetValue(name, out var words)
            ? $"{subject} has an invalid value at {path}: it must be one of {words}."
            : IsUnknownName(invalid) ? $"{subject} has an unknown name at {path}."
            : $"{subject} has a value of the wrong type at {path}.";
    }

    /// <summary>Whether the text is JSON, of which a name or a value is wrong.</summary>
    public static bool IsWellFormed(JsonException invalid) => invalid.InnerException is not JsonException;

    /// <summary>What a value of this type can be, as the end of the sentence "It must be".</summary>
    internal static string Describe(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var word when word.IsEnum || word == typeof(OutputFormat) => $"one of {WordsOf(word)}",
        var number when number == typeof(int) || number == typeof(long) => "an integer",
        var flag when flag == typeof(bool) => "true or false",
        _ => "text",
    };

    /// <summary>The serializer reports this case only in its message.</summary>
    private static bool IsUnknownName(JsonException invalid) =>
        invalid.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal);

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new WholeNumberConverter<int>());
        options.Converters.Add(new WholeNumberConverter<long>());
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;

        return options;
    }

    private static string WordsOf(Type type) => string.Join(", ", type == typeof(OutputFormat)
        ? OutputFormat.Names
        : Enum.GetValues(type).Cast<object>().Select(word => JsonSerializer.Serialize(word, type, Options).Trim('"')));
}
