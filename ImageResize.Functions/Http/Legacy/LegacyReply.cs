using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageResize.Functions.Http.Legacy;

/// <summary>Responses of the replaced program, byte for byte: names, their order and texts, including spelling mistakes.</summary>
internal static class LegacyReply
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // The replaced program did not escape quotes and ampersands. This is safe because the content type is JSON.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static IResult Queued(string result, string jobId) => Json(200, new { Result = result, jobId });

    public static IResult FolderQueued(string result, string batchId) => Json(200, new { Result = result, batchId });

    public static IResult Error(int status, string result) => Json(status, new { Result = result });

    public static IResult NotResized(int status, string why) => Json(status, new { Resize = false, Message = why });

    public static IResult Measured(int width, int height, string result) =>
        Json(200, new { Height = height, Result = result, Width = width });

    public static IResult Resized(bool resized, string message) => Json(200, new { Message = message, Resize = resized });

    private static IResult Json<T>(int status, T value) =>
        Results.Text(JsonSerializer.SerializeToUtf8Bytes(value, Options), "application/json", status);
}
