using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>Reads integers. Languages with one kind of number write 100 as <c>100.0</c> or <c>1e2</c>, which means the same.</summary>
internal sealed class WholeNumberConverter<T> : JsonConverter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && T.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out var text))
        {
            return text;
        }

        return reader.TokenType == JsonTokenType.Number
            && reader.TryGetDecimal(out var number)
            && number >= decimal.CreateChecked(T.MinValue)
            && number <= decimal.CreateChecked(T.MaxValue)
            && decimal.IsInteger(number)
            ? T.CreateChecked(number)
            : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(long.CreateChecked(value));
}
