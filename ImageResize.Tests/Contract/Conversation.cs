using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Contract;

/// <summary>
/// Sends requests to the program and records each response: status, headers of the program, and body. Ids are numbered in their order and
/// times are left out, so that the responses of two programs can be compared.
/// </summary>
/// <param name="contract">What responses are compared with; null if they are not.</param>
internal sealed partial class Conversation(Func<HttpRequestMessage, Task<HttpResponseMessage>> send, ApiContract? contract = null)
{
    private static readonly string[] RecordedHeaders =
        ["Cache-Control", "Content-Disposition", "Content-Type", "ETag", "Location", "Retry-After", "X-Content-Type-Options"];

    private readonly List<string> _ids = [];
    private readonly List<string> _exchanges = [];
    private readonly List<string> _violations = [];

    public IReadOnlyList<string> Exchanges => _exchanges;

    /// <summary>Responses that are not as the OpenAPI document describes them.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <param name="request">Method and address; <c>{3}</c> is the id with this number, from 0.</param>
    /// <param name="until">The request is repeated until the response contains this.</param>
    /// <param name="functionKey">Replaces the caller's key.</param>
    public async Task SendAsync(
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
            var response = await RequestAsync(request, bytes, type, new() { ["Idempotency-Key"] = key, ["x-functions-key"] = functionKey });

            return until is null || response.Contains(until, StringComparison.Ordinal) ? response : null;
        });
        _exchanges.Add($"{request}{(functionKey is null ? "" : " (wrong key)")}\n{Numbered(answer)}");
    }

    public Task SendAsync(string request, string json, string type = "application/json", string? until = null, string? key = null) =>
        SendAsync(request, new StringContent(WithIds(json), Encoding.UTF8, type), until, key);

    private async Task<string> RequestAsync(
        string request, byte[]? body, MediaTypeHeaderValue? bodyType, Dictionary<string, string?> ownHeaders)
    {
        var (method, address) =
            (request[..request.IndexOf(' ', StringComparison.Ordinal)], request[(request.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        using var message = new HttpRequestMessage(new HttpMethod(method), WithIds(address));
        if (body is not null)
        {
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = bodyType } };
        }

        foreach (var (name, value) in ownHeaders.Where(header => header.Value is not null))
        {
            message.Headers.Add(name, value);
        }

        using var response = await send(message);
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => RecordedHeaders.Contains(header.Key))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}\n");
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var type = response.Content.Headers.ContentType;
        var errors = contract?.FindErrors(method, address.Split('?')[0], (int)response.StatusCode, type?.ToString(), bytes);
        _violations.AddRange((errors ?? []).Select(error => $"{request}: {error}"));
        var isText = type?.MediaType is { } media
            && !media.StartsWith("image/", StringComparison.Ordinal) && media != "application/zip";

        return $"{(int)response.StatusCode}\n{string.Concat(headers)}{(isText ? Encoding.UTF8.GetString(bytes) : Summarize(bytes, type))}";
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
        var numbered = IdPattern().Replace(answer, id =>
        {
            if (!_ids.Contains(id.Value))
            {
                _ids.Add(id.Value);
            }

            return $"{{{_ids.IndexOf(id.Value)}}}";
        });

        return VaryingPattern().Replace(TimePattern().Replace(numbered, "TIME"), "");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")]
    private static partial Regex TimePattern();

    [GeneratedRegex("""("imagesPerSecond":[0-9.E-]+,?)|("traceId":"[^"]+",?)|("address":"[^"]+",?)""")]
    private static partial Regex VaryingPattern();

    /// <summary>The size of an archive depends on how well the ids in it can be compressed.</summary>
    private static string Summarize(byte[] bytes, MediaTypeHeaderValue? type)
    {
        if (type?.MediaType != "application/zip" || bytes.Length == 0)
        {
            return $"{bytes.Length} bytes";
        }

        using var archive = new ZipArchive(new MemoryStream(bytes));

        return string.Join(", ", archive.Entries.Select(entry => entry.Name));
    }
}
