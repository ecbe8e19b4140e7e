using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Hosts;

/// <summary>
/// What a caller says to the program, line by line, and what is answered: status, the headers that are ours, and the body, with ids
/// numbered in the order in which they appear and moments left out, so that the answers of two programs can be compared.
/// </summary>
internal sealed partial class Conversation(Func<HttpRequestMessage, Task<HttpResponseMessage>> send)
{
    private static readonly string[] OurHeaders =
        ["Cache-Control", "Content-Disposition", "Content-Type", "ETag", "Location", "Retry-After", "X-Content-Type-Options"];

    private readonly List<string> _ids = [];
    private readonly List<string> _said = [];

    public IReadOnlyList<string> Said => _said;

    /// <param name="request">Method and address; <c>{3}</c> stands for the third id that was answered, from 0.</param>
    /// <param name="until">Asked again until the answer holds this.</param>
    /// <param name="functionKey">Replaces the key that the caller has.</param>
    public async Task SayAsync(
        string request,
        HttpContent? content = null,
        string? until = null,
        string? key = null,
        string? functionKey = null)
    {
        var bytes = content is null ? null : await content.ReadAsByteArrayAsync();
        var type = content?.Headers.ContentType;
        var answer = await Eventually.Async(async () =>
        {
            var said = await AskAsync(request, bytes, type, new() { ["Idempotency-Key"] = key, ["x-functions-key"] = functionKey });

            return until is null || said.Contains(until, StringComparison.Ordinal) ? said : null;
        });
        _said.Add($"{request}{(functionKey is null ? "" : " (wrong key)")}\n{Numbered(answer)}");
    }

    public Task SayAsync(string request, string json, string type = "application/json", string? until = null, string? key = null) =>
        SayAsync(request, new StringContent(WithIds(json), Encoding.UTF8, type), until, key);

    private async Task<string> AskAsync(string request, byte[]? body, MediaTypeHeaderValue? type, Dictionary<string, string?> ownHeaders)
    {
        var (method, address) =
            (request[..request.IndexOf(' ', StringComparison.Ordinal)], request[(request.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        using var message = new HttpRequestMessage(new HttpMethod(method), WithIds(address));
        if (body is not null)
        {
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = type } };
        }

        foreach (var (name, value) in ownHeaders.Where(header => header.Value is not null))
        {
            message.Headers.Add(name, value);
        }

        using var response = await send(message);
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => OurHeaders.Contains(header.Key))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}\n");
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var isText = response.Content.Headers.ContentType?.MediaType is { } media
            && !media.StartsWith("image/", StringComparison.Ordinal) && media != "application/zip";

        return $"{(int)response.StatusCode}\n{string.Concat(headers)}{(isText ? Encoding.UTF8.GetString(bytes) : $"{bytes.Length} bytes")}";
    }

    private string WithIds(string text)
    {
        for (var i = 0; i < _ids.Count; i++)
        {
            text = text.Replace($"{{{i}}}", _ids[i], StringComparison.Ordinal);
        }

        return text;
    }

    private string Numbered(string answer)
    {
        var numbered = OurId().Replace(answer, id =>
        {
            if (!_ids.Contains(id.Value))
            {
                _ids.Add(id.Value);
            }

            return $"{{{_ids.IndexOf(id.Value)}}}";
        });

        return Passing().Replace(Moment().Replace(numbered, "MOMENT"), "");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex OurId();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")]
    private static partial Regex Moment();

    [GeneratedRegex("""("imagesPerSecond":[0-9.E-]+,?)|("traceId":"[^"]+",?)""")]
    private static partial Regex Passing();
}
