using ImageResize.Core.Jobs.Requests;
using Microsoft.AspNetCore.Http.Json;

namespace ImageResize.Functions.Http.Requests;

/// <summary>Makes <c>/v1</c> read and write JSON by the same rules as the lines of manifests.</summary>
internal static class ApiJson
{
    public static void Configure(JsonOptions options) => RequestJson.Configure(options.SerializerOptions);
}
