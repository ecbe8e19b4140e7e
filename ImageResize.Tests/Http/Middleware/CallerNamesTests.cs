using System.Security.Claims;
using ImageResize.Core.Identifiers;
using ImageResize.Functions.Http.Middleware;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace ImageResize.Tests.Http.Middleware;

public sealed class CallerNamesTests
{
    [Fact]
    public async Task A_caller_has_the_name_of_its_key() =>
        Assert.Equal("alice", await FindAsync(Caller.Create("alice", Caller.Read), "secret"));

    [Fact]
    public async Task A_caller_without_a_name_has_a_short_hash_of_its_key()
    {
        var name = await FindAsync(new ClaimsPrincipal(), "secret");

        Assert.Equal("2bb80d53", name);
        Assert.NotEqual(name, await FindAsync(new ClaimsPrincipal(), "another"));
    }

    [Fact]
    public async Task A_caller_without_a_key_has_no_name() => Assert.Null(await FindAsync(new ClaimsPrincipal(), key: null));

    private static async Task<string?> FindAsync(ClaimsPrincipal user, string? key)
    {
        var context = new DefaultHttpContext { User = user };
        if (key is not null)
        {
            context.Request.Headers["x-functions-key"] = key;
        }

        string? name = null;
        await CallerNames.SetAsync(context, _ =>
        {
            name = CurrentCaller.Name;
            return Task.CompletedTask;
        });

        return name;
    }
}
