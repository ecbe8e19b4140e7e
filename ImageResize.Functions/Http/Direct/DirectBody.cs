using System.Text.Json;
using System.Text.Json.Nodes;
using ImageResize.Core.Errors;
using ImageResize.Core.Jobs.Requests;
using ImageResize.Core.Sources;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Http.Requests;
using ImageResize.Functions.Http.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Functions.Http.Direct;

/// <summary>Receives the body of a request: an image, a form with one image, or JSON that names a source.</summary>
internal sealed class DirectBody(SourceReader sources, IOptions<UploadOptions> options)
{
    /// <summary>Twice the length of the longest source and all options, written with escapes.</summary>
    private const int MaxJsonBytes = 65_536;

    /// <returns>Dispose it when the image has been read.</returns>
    /// <exception cref="RefusedException">The body is malformed, too large, or has no image or several.</exception>
    public async Task<Received> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.HasJsonContentType())
        {
            return new Received(await ReadJsonAsync(request, cancellationToken), Image: null);
        }

        Stream? image = null;
        try
        {
            await foreach (var part in UploadBody.ReadAsync(request, options.Value, cancellationToken))
            {
                image = image is null
                    ? await TemporaryCopy.CreateAsync(part, options.Value.MaxBytes, cancellationToken)
                    : throw new RefusedException(ErrorCode.TooManyParts, "The form has several images. Send one for each request.");
            }

            return image is { Length: > 0 }
                ? new Received(Json: null, image)
                : throw new RefusedException(ErrorCode.SourceEmpty, "The body is empty. Send an image, or JSON with a source.");
        }
        catch
        {
            await (image?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <exception cref="RefusedException">The text is not a source, or one that must not be read.</exception>
    public SourceUri? Normalize(string? source) => source is null ? null : sources.Normalize(source);

    private static async Task<JsonObject> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        await using var received = await ReceivedBody.ReceiveAsync(request, cancellationToken);
        if (received.Length > MaxJsonBytes)
        {
            throw new RefusedException(ErrorCode.TooLarge, $"The body has more than {MaxJsonBytes} bytes.");
        }

        try
        {
            // Not read as a JsonObject, which would accept a name that is given twice.
            var values = await JsonSerializer.DeserializeAsync<Dictionary<string, JsonElement>>(
                received, RequestJson.Options, cancellationToken)
                ?? throw new RefusedException(ErrorCode.InvalidRequest, "The body is null. Send an object with a source.");

            return new JsonObject(values.Select(value => KeyValuePair.Create(value.Key, JsonSerializer.SerializeToNode(value.Value))));
        }
        catch (JsonException malformed)
        {
            throw new RefusedException(ErrorCode.InvalidRequest, RequestJson.Explain(malformed, "The body"), malformed);
        }
    }

    /// <param name="Json">Null if the body is an image.</param>
    /// <param name="Image">In a temporary file; null if the body is JSON.</param>
    internal sealed record Received(JsonObject? Json, Stream? Image) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Image?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
