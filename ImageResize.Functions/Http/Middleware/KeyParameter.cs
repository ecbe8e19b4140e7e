namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// The query parameter <c>code</c>, which may contain a key. It is removed once the key has been checked, so that later code can neither log
/// it nor return it, and so that idempotency does not depend on the key.
/// </summary>
internal static class KeyParameter
{
    public const string Name = "code";

    public static Task RemoveAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Query.ContainsKey(Name))
        {
            var others = context.Request.QueryString.Value!.TrimStart('?').Split('&').Where(parameter => !IsKey(parameter)).ToList();
            context.Request.QueryString = others.Count == 0 ? QueryString.Empty : new QueryString("?" + string.Join('&', others));
        }

        return next(context);
    }

    private static bool IsKey(string parameter) =>
        Uri.UnescapeDataString(parameter.Split('=')[0]).Equals(Name, StringComparison.OrdinalIgnoreCase);
}
