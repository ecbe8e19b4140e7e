using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageResize.Functions.Http.OldProgram;

/// <summary>Answers of the old program, byte for byte: the names, their order and the texts, its spelling mistakes too.</summary>
internal static class OldReply
{
    private static readonly JsonSerializerOptions AsIs = new()
    {
        // The old program wrote quotes and ampersands as they are; the answer is JSON and says so.
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
        Results.Text(JsonSerializer.SerializeToUtf8Bytes(value, AsIs), "application/json", status);
}
