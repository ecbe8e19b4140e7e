using System.Text.Json;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Functions.Http.Problems;

namespace ImageResize.Functions.Http.Requests;

/// <summary>Reads the JSON of a request. All of its values that are wrong are reported together.</summary>
internal static class JsonBody
{
    /// <summary>Of larger bodies, only the first wrong value is reported.</summary>
    private const int MaxExplainedBytes = 1_048_576;

    /// <param name="received">The body of the request, from its start.</param>
    /// <returns>Null if the body is.</returns>
    /// <exception cref="RefusedException">The body is not JSON.</exception>
    /// <exception cref="InvalidValuesException">Names or values are wrong.</exception>
    public static async Task<T?> ReadAsync<T>(HttpRequest request, Stream received, CancellationToken cancellationToken)
        where T : class
    {
        request.Body = received;
        try
        {
            return await request.ReadFromJsonAsync<T>(RequestJson.Options, cancellationToken);
        }
        catch (JsonException invalid)
        {
            if (await FindInvalidAsync(received, typeof(T), invalid, cancellationToken) is { Count: > 0 } values)
            {
                throw new InvalidValuesException(values);
            }

            throw new RefusedException(ErrorCode.InvalidRequest, RequestJson.Explain(invalid, "The body"), invalid);
        }
    }

    private static async Task<IReadOnlyList<InvalidValue>> FindInvalidAsync(
        Stream received, Type type, JsonException invalid, CancellationToken cancellationToken)
    {
        if (!RequestJson.IsWellFormed(invalid) || received.Length > MaxExplainedBytes)
        {
            return [];
        }

        try
        {
            received.Position = 0;
            using var json = await JsonDocument.ParseAsync(received, default, cancellationToken);

            return JsonValues.FindInvalid(json.RootElement, type);
        }
        catch (JsonException)
        {
            // The serializer stopped before a mistake in the syntax, or the body is not UTF-8.
            return [];
        }
    }
}
