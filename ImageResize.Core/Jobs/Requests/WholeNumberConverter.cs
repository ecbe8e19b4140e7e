using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>Reads integers. Languages with one kind of number write 100 as <c>100.0</c> or <c>1e2</c>, which means the same.</summary>
internal sealed class WholeNumberConverter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && int.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out var text))
        {
            return text;
        }

        return reader.TokenType == JsonTokenType.Number
            && reader.TryGetDouble(out var number)
            && number is >= int.MinValue and <= int.MaxValue
            && double.IsInteger(number)
            ? (int)number
            : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
