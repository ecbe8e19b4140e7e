using Microsoft.Extensions.Primitives;

namespace ImageResize.Functions.Http.Keys;

/// <summary>
/// The key of a request, in the header <c>x-functions-key</c> or the query parameter <c>code</c>, as the Functions host takes it. The
/// parameter is removed once the key has been checked, so that later code can neither log it nor return it, and so that idempotency does
/// not depend on the key.
/// </summary>
internal static class RequestKey
{
    public const string Header = "x-functions-key";

    private const string Parameter = "code";

    public static StringValues Read(HttpRequest request) =>
        request.Headers.TryGetValue(Header, out var keys) ? keys : request.Query[Parameter];

    /// <summary>Clients with an empty setting send an empty header.</summary>
    public static bool IsSent(HttpRequest request) => Read(request) is not ([] or [""]);

    public static Task RemoveParameterAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Query.ContainsKey(Parameter))
        {
            var others = context.Request.QueryString.Value!.TrimStart('?').Split('&').Where(parameter => !IsKey(parameter)).ToList();
            context.Request.QueryString = others.Count == 0 ? QueryString.Empty : new QueryString("?" + string.Join('&', others));
        }

        return next(context);
    }

    private static bool IsKey(string parameter) =>
        Uri.UnescapeDataString(parameter.Split('=')[0]).Equals(Parameter, StringComparison.OrdinalIgnoreCase);
}
