using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageResize.Client.Http;

/// <summary>Reads and writes an enum by its names in camel case.</summary>
internal sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
