using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Authorization;

namespace ImageResize.Functions.Http.Keys;

/// <summary>The role that a caller needs for a request.</summary>
internal static class RequiredRole
{
    /// <returns>Null for public endpoints. An unknown address requires a role of the API.</returns>
    public static string? Of(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;

        return metadata?.GetMetadata<IAllowAnonymous>() is not null ? null
            : metadata?.GetMetadata<AdminOnly>() is not null ? Caller.Admin
            : metadata?.GetMetadata<SubmitsWork>() is null && ReadMethods.All.Contains(context.Request.Method) ? Caller.Read
            : Caller.Submit;
    }
}
