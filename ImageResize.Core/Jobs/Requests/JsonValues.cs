using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ImageResize.Core.Validation;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>
/// Finds all names and values of a JSON request that cannot be read. The serializer stops at the first one, but a caller wants to correct
/// all of them at once.
/// </summary>
public static class JsonValues
{
    private const int MaxFound = 100;

    /// <summary>A few more than any list of a request may have. Validation reports a list that is too long.</summary>
    private const int MaxEntries = 40;

    /// <param name="type">What the JSON should be.</param>
    /// <param name="alsoKnown">Names that the JSON may have in addition to the properties of the type.</param>
    /// <returns>Empty if each value can be read by itself.</returns>
    public static IReadOnlyList<InvalidValue> FindInvalid(JsonElement json, Type type, params string[] alsoKnown)
    {
        try
        {
            return [.. Find(json, RequestJson.Options.GetTypeInfo(type), new Place("", "The request"), alsoKnown).Take(MaxFound)];
        }
        catch (InvalidOperationException)
        {
            // The reader accepts half of a surrogate pair, such as \ud800, and fails when the text is read.
            return [new InvalidValue("", "The request", "The request contains a character that is not valid Unicode.")];
        }
    }

    private static IEnumerable<InvalidValue> Find(JsonElement json, JsonTypeInfo type, Place place, string[] alsoKnown) => type.Kind switch
    {
        JsonTypeInfoKind.Object when json.ValueKind == JsonValueKind.Object => FindInObject(json, type, place.Path, alsoKnown),
        JsonTypeInfoKind.Object => [place.Wrong("an object", json)],
        JsonTypeInfoKind.Enumerable when json.ValueKind == JsonValueKind.Array => FindInList(json, type, place),
        JsonTypeInfoKind.Enumerable => [place.Wrong("a list", json)],
        _ => CanRead(json, type) ? [] : [place.Wrong(RequestJson.Describe(type.Type), json)],
    };

    private static IEnumerable<InvalidValue> FindInObject(JsonElement json, JsonTypeInfo type, string path, string[] alsoKnown)
    {
        foreach (var value in json.EnumerateObject())
        {
            if (Array.Exists(alsoKnown, name => name.Equals(value.Name, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            var property = type.Properties.FirstOrDefault(known => known.Name.Equals(value.Name, StringComparison.OrdinalIgnoreCase));
            var invalid = property is null
                ? [new InvalidValue(path, value.Name, $"{value.Name} is not known. Known are {NamesOf(type, alsoKnown)}.")]
                : FindInProperty(value.Value, property, path);
            foreach (var found in invalid)
            {
                yield return found;
            }
        }

        foreach (var missing in type.Properties.Where(property => RulesOf(property).OfType<RequiredAttribute>().Any()
            && !json.EnumerateObject().Any(value => value.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase))))
        {
            yield return new InvalidValue(path, missing.Name, ValueRules.Explain(new RequiredAttribute(), missing.Name));
        }
    }

    private static IEnumerable<InvalidValue> FindInProperty(JsonElement json, JsonPropertyInfo property, string path)
    {
        var place = new Place(path, property.Name);
        var type = RequestJson.Options.GetTypeInfo(property.PropertyType);
        if (json.ValueKind == JsonValueKind.Null)
        {
            return property.IsSetNullable ? [] : [place.Wrong("a value", json)];
        }

        var unreadable = Find(json, type, new Place(path, property.Name), []).ToList();
        if (type.Kind == JsonTypeInfoKind.Object || (type.Kind != JsonTypeInfoKind.Enumerable && unreadable.Count > 0))
        {
            // A range says more than the type.
            var range = RulesOf(property).OfType<RangeAttribute>().FirstOrDefault();

            return range is null ? unreadable : [new InvalidValue(path, property.Name, ValueRules.Explain(range, property.Name))];
        }

        return json.ValueKind == JsonValueKind.Array
            ? FindWrongLength(json, property, path).Concat(unreadable)
            : unreadable.Concat(FindRefused(json, type, property, path));
    }

    private static IEnumerable<InvalidValue> FindRefused(JsonElement json, JsonTypeInfo type, JsonPropertyInfo property, string path) =>
        type.Kind == JsonTypeInfoKind.Enumerable ? [] : RulesOf(property)
            .Where(rule => !ValueRules.IsValid(rule, json.Deserialize(type)))
            .Select(rule => new InvalidValue(path, property.Name, ValueRules.Explain(rule, property.Name)));

    private static IEnumerable<InvalidValue> FindWrongLength(JsonElement list, JsonPropertyInfo property, string path) =>
        from rule in RulesOf(property)
        let length = list.GetArrayLength()
        where rule is LengthAttribute limits && (length < limits.MinimumLength || length > limits.MaximumLength)
        select new InvalidValue(path, property.Name, ValueRules.Explain(rule, property.Name));

    private static IEnumerable<InvalidValue> FindInList(JsonElement list, JsonTypeInfo type, Place place)
    {
        var entry = RequestJson.Options.GetTypeInfo(type.ElementType!);

        // Items of a batch are checked one by one later.
        return type.ElementType == typeof(JsonElement) ? [] : list.EnumerateArray().Take(MaxEntries).SelectMany(
            (value, i) => Find(value, entry, place with { Name = $"{place.Name}[{i}]" }, []));
    }

    private static bool CanRead(JsonElement json, JsonTypeInfo type)
    {
        try
        {
            _ = json.Deserialize(type);

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<ValidationAttribute> RulesOf(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>() ?? [];

    private static string NamesOf(JsonTypeInfo type, string[] alsoKnown) =>
        string.Join(", ", type.Properties.Select(property => property.Name).Concat(alsoKnown));

    /// <param name="Part">The path of the object that contains the value.</param>
    private sealed record Place(string Part, string Name)
    {
        public string Path => Name == "The request" ? "" : Part.Length == 0 ? Name : $"{Part}.{Name}";

        public InvalidValue Wrong(string expected, JsonElement given) =>
            new(Part, Name, $"{Name} must be {expected}, not {Describe(given)}.");

        private static string Describe(JsonElement given) => given.ValueKind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.String => given.GetString() is { Length: <= 40 } text ? $"'{text}'" : "text",
            JsonValueKind.Null => "null",
            _ => given.GetRawText() is { Length: <= 40 } raw ? raw : "a number",
        };
    }
}
