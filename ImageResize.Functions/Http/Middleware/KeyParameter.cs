namespace ImageResize.Functions.Access;

/// <summary>
/// The parameter <c>code</c>, in which a key can be sent. Once the key is known it is taken out of the request, ours and the Functions
/// host's alike: nothing behind can log it, answer with it, or take a request with another key for another request.
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
