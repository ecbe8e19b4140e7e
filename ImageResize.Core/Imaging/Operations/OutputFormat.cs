using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Core.Imaging.Formats;

namespace ImageResize.Core.Imaging.Operations;

/// <summary>The output format that a caller asks for: the source's own, or one of those that can be chosen.</summary>
/// <param name="Value">Null keeps the source's.</param>
[JsonConverter(typeof(OutputFormatJsonConverter))]
[TypeConverter(typeof(OutputFormatTypeConverter))]
public readonly record struct OutputFormat(ImageFormat? Value)
{
    private const string Same = "same";

    public static IReadOnlyList<string> Names { get; } = [Same, .. ImageFormats.All.Where(format => format.IsOutputChoice).Select(NameOf)];

    public static bool TryParse(string? name, out OutputFormat format)
    {
        var found =
            ImageFormats.All.FirstOrDefault(one => one.IsOutputChoice && NameOf(one).Equals(name, StringComparison.OrdinalIgnoreCase));
        format = new OutputFormat(found?.Id);

        return found is not null || Same.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    public override string ToString() => Value is { } format ? NameOf(ImageFormats.Get(format)) : Same;

    private static string NameOf(Format format) => format.Id.ToString().ToLowerInvariant();
}

/// <summary>Reads and writes the format of requests.</summary>
internal sealed class OutputFormatJsonConverter : JsonConverter<OutputFormat>
{
    public override OutputFormat Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && OutputFormat.TryParse(reader.GetString(), out var format)
            ? format
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, OutputFormat value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>Reads the format of presets in settings.</summary>
internal sealed class OutputFormatTypeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        OutputFormat.TryParse(value as string, out var format)
            ? format
            : throw new FormatException($"'{value}' is not one of {string.Join(", ", OutputFormat.Names)}.");
}
