using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Metadata;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Refuses query parameters that an endpoint under <c>/v1</c> does not have: a misspelt one would silently have no effect. Runs after the
/// key is removed from the query.
/// </summary>
internal static class UnknownParameters
{
    private static readonly KnownParameters None = new();

    public static Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Query.Count > 0 && context.GetEndpoint() is RouteEndpoint endpoint && IsVersioned(endpoint))
        {
            Check(context.Request.Query, endpoint.Metadata.GetMetadata<KnownParameters>() ?? None);
        }

        return next(context);
    }

    private static bool IsVersioned(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText?.StartsWith("/v1/", StringComparison.Ordinal) == true;

    private static void Check(IQueryCollection query, KnownParameters known)
    {
        var unknown = ReferenceEquals(known, KnownParameters.Any)
            ? null
            : query.Keys.FirstOrDefault(name => !known.Names.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (unknown is not null)
        {
            var has = known.Names.Length == 0 ? "no parameters" : $"the parameters {string.Join(", ", known.Names)}";

            throw new RefusedException(
                ErrorCode.InvalidRequest,
                $"The parameter '{unknown}' is not known: this address has {has}. Write & in a value as %26.");
        }
    }
}
