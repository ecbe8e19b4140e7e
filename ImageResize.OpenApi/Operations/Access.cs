using System.Text.Json.Nodes;
using ImageResize.Core.Errors;

namespace ImageResize.OpenApi.Operations;

/// <summary>Who may call an endpoint, and the errors that this adds.</summary>
/// <param name="Schemes">The names of the security schemes, of which one is enough.</param>
internal sealed record Access(IReadOnlyList<string> Schemes, IReadOnlyList<ErrorCode> Errors)
{
    private static readonly ErrorCode[] OfKeys = [ErrorCode.Unauthorized, ErrorCode.Forbidden, ErrorCode.IssuerUnavailable];
    private static readonly ErrorCode[] OfService = [ErrorCode.Unexpected, ErrorCode.StorageUnavailable];

    public static Access Public { get; } = new([], [ErrorCode.Unexpected]);

    public static Access Caller { get; } = new(["key", "keyInQuery", "token"], [.. OfKeys, ErrorCode.TooManyRequests, .. OfService]);

    public static Access Operator { get; } = new(["adminKey", "token"], [.. OfKeys, .. OfService]);

    public JsonArray Security => new([.. Schemes.Select(scheme => new JsonObject { [scheme] = new JsonArray() })]);
}
