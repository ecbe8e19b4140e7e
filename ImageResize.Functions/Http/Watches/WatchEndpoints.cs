using ImageResize.Core.Identifiers;
using ImageResize.Core.Watches;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageResize.Functions.Http.Watches;

/// <summary>Lists the watched containers and folders, except those of other callers.</summary>
internal static class WatchEndpoints
{
    public static IEndpointRouteBuilder MapWatches(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/watches", ReadMethods.All, ListAsync);

        return routes;
    }

    private static async Task<Ok<WatchListReply>> ListAsync(
        HttpContext context, WatchQueries watches, CancellationToken cancellationToken)
    {
        var isAdmin = context.User.IsInRole(Caller.Admin);
        var found = await watches.ListAsync(
            watch => watch.Caller is null || isAdmin || watch.Caller.Equals(CurrentCaller.Name, StringComparison.OrdinalIgnoreCase),
            cancellationToken);

        return TypedResults.Ok(new WatchListReply([.. found.Select(WatchReply.Of)]));
    }
}
