using System.Text.Json;
using System.Text.Json.Nodes;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Functions.Http.Problems;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Direct;

/// <summary>
/// What a request for a thumbnail asks for: the options of a <see cref="ThumbnailRequest"/> or a preset, as query parameters, as JSON
/// beside the source, or as both.
/// </summary>
/// <param name="Source">As the caller wrote it; null if the body is the image.</param>
/// <param name="IsAuto">Whether the format depends on the <c>Accept</c> header.</param>
internal sealed record DirectRequest(string? Source, ThumbnailRequest Thumbnail, bool IsAuto)
{
    private const string Auto = "auto";

    private const string SourceName = "source";
    private const string PresetName = "preset";
    private const string FormatName = "format";
    private const string MetadataName = "metadata";
    private const string AnimatedName = "animated";

    /// <param name="json">The request's JSON; null if the body is the image.</param>
    /// <exception cref="RefusedException">The query or the JSON is malformed, or the preset does not exist.</exception>
    /// <exception cref="InvalidValuesException">An option is out of its range.</exception>
    public static DirectRequest Read(HttpRequest request, JsonObject? json, PresetOptions presets)
    {
        var options = json ?? [];
        var source = json is null ? null : TakeSource(options);
        foreach (var name in request.Query.Keys)
        {
            if (!options.TryAdd(name, ValueOf(name, QueryParameters.Find(request, name)!)))
            {
                throw new RefusedException(ErrorCode.InvalidRequest, $"{name} is given in the query and in the body. Give it once.");
            }
        }

        var isAuto = TextOf(options, FormatName) is { } format && format.Equals(Auto, StringComparison.OrdinalIgnoreCase);
        if (isAuto)
        {
            options.Remove(FormatName);
        }

        return new DirectRequest(source, ReadThumbnail(options, presets), isAuto);
    }

    /// <summary>Reads JSON that has nothing but a source.</summary>
    /// <exception cref="RefusedException">It has no source, or something else.</exception>
    public static string ReadOnlySource(JsonObject json)
    {
        var source = TakeSource(json);

        return json.Count == 0
            ? source
            : throw new RefusedException(ErrorCode.InvalidRequest, $"The body has an unknown name: {json.First().Key}.");
    }

    private static string TakeSource(JsonObject options)
    {
        var source = TextOf(options, SourceName)
            ?? throw new RefusedException(ErrorCode.InvalidRequest, "The body needs a source, such as { \"source\": \"a.jpg\" }.");
        options.Remove(SourceName);

        return source;
    }

    private static ThumbnailRequest ReadThumbnail(JsonObject options, PresetOptions presets)
    {
        if (TextOf(options, PresetName) is { } preset)
        {
            return options.Count == 1
                ? presets.Get(preset)
                : throw new RefusedException(ErrorCode.InvalidRequest, "A preset has all options. Leave out the others.");
        }

        try
        {
            var thumbnail = options.Deserialize<ThumbnailRequest>(RequestJson.Options)!;
            var invalid = InvalidValue.In(thumbnail).ToList();

            return invalid.Count == 0 ? thumbnail : throw new InvalidValuesException(invalid);
        }
        catch (JsonException unreadable)
        {
            var found = JsonValues.FindInvalid(JsonSerializer.SerializeToElement(options), typeof(ThumbnailRequest), PresetName);
            if (found.Count > 0)
            {
                throw new InvalidValuesException(found);
            }

            throw new RefusedException(ErrorCode.InvalidRequest, RequestJson.Explain(unreadable, "The request"), unreadable);
        }
    }

    private static string? TextOf(JsonObject options, string name) =>
        options.TryGetPropertyValue(name, out var value) && value is JsonValue text && text.TryGetValue<string>(out var found)
            ? found
            : null;

    /// <summary>Numbers may be text in JSON, so they need no change.</summary>
    private static JsonNode ValueOf(string name, string text) => name switch
    {
        MetadataName => new JsonArray([.. text.Split(',').Select(kind => JsonValue.Create(kind))]),
        AnimatedName when bool.TryParse(text, out var isAnimated) => JsonValue.Create(isAnimated),
        _ => JsonValue.Create(text),
    };
}
