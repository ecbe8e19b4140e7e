using ImageResize.Core.Jobs.Requests;
using Microsoft.AspNetCore.Http.Json;

namespace ImageResize.Functions.Http;

/// <summary><c>/v1</c> reads and writes JSON as requests in manifests are read.</summary>
internal static class ApiJson
{
    public static void Configure(JsonOptions options) => RequestJson.Configure(options.SerializerOptions);
}
