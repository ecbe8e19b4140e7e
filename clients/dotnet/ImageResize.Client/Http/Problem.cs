using System.Net;
using System.Text.Json;

namespace ImageResize.Client.Http;

/// <summary>An error response, by RFC 9457.</summary>
internal sealed record Problem(string? Code)
{
    public string? Title { get; init; }

    public string? Detail { get; init; }

    public string? TraceId { get; init; }

    public Dictionary<string, string[]>? Errors { get; init; }

    public List<ItemError>? Items { get; init; }

    public static async Task<ImageResizeException> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var problem = await FindAsync(response, cancellationToken).ConfigureAwait(false);
        var code = problem?.Code ?? CodeOf(response.StatusCode);

        var message = problem?.Explain() ?? $"The service answered {(int)response.StatusCode} {response.ReasonPhrase}.";

        return new ImageResizeException(code, message)
        {
            StatusCode = response.StatusCode,
            Errors = problem?.Errors ?? [],
            Items = problem?.Items ?? [],
            RetryAfter = RetryAfterOf(response),
            TraceId = problem?.TraceId,
        };
    }

    private string? Explain()
    {
        var details = Errors?.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}"))
            ?? Items?.Take(3).Select(item => $"item {item.Item}: {item.Message}");

        return details is null ? Detail ?? Title : string.Join(' ', new[] { Detail }.Concat(details).OfType<string>());
    }

    /// <summary>Returns null if the response comes from a proxy or the Functions host, which have other bodies.</summary>
    private static async Task<Problem?> FindAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return null;
        }

        try
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);

            return JsonSerializer.Deserialize(text, ClientJson.Default.Problem);
        }
        catch (Exception fault) when (fault is JsonException or HttpRequestException or IOException)
        {
            return null;
        }
    }

    private static string CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "unauthorized",
        HttpStatusCode.Forbidden => "forbidden",
        HttpStatusCode.NotFound => "not_found",
        HttpStatusCode.RequestEntityTooLarge => "too_large",
        HttpStatusCode.TooManyRequests => "too_many_requests",
        _ => "unexpected",
    };

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } retry ? null
            : retry.Delta ?? (retry.Date - DateTimeOffset.UtcNow is { } wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
}
