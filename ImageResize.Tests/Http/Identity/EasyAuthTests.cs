using System.Security.Claims;
using ImageResize.Core.Errors;
using ImageResize.Functions;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Http.Identity;
using ImageResize.Functions.Standalone;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http.Identity;

/// <summary>The header of Easy Auth counts only where the platform sets it.</summary>
public sealed class EasyAuthTests(Azurite azurite)
{
    private static readonly string[] Headers =
        [ClientPrincipal.Header, "X-MS-CLIENT-PRINCIPAL-ID", "X-MS-CLIENT-PRINCIPAL-NAME", "X-MS-CLIENT-PRINCIPAL-IDP"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_headers_are_removed_and_identify_a_caller_only_if_they_are_trusted(bool isTrusted)
    {
        var request = RequestWith(ClientPrincipal.Of("ada", "Images.Submit"));
        foreach (var header in Headers[1..])
        {
            request.Headers[header] = "forged";
        }

        var caller = Take(request, isTrusted);

        Assert.Equal(isTrusted ? "principal:ada" : null, caller?.Identity?.Name);
        Assert.Equal(isTrusted, caller?.IsInRole("submit") == true);
        Assert.DoesNotContain(request.Headers.Keys, Headers.Contains);
    }

    [Fact]
    public void Users_of_other_providers_have_no_roles()
    {
        var caller = Take(RequestWith(ClientPrincipal.OfProvider("google", "ada", "Images.Admin")));

        Assert.False(caller!.IsInRole("admin"));
        Assert.False(caller.IsInRole("read"));
    }

    [Theory]
    [InlineData("no base64")]
    [InlineData("bm8gSlNPTg==")]
    [InlineData("e30=")]
    [InlineData("W10=")]
    [InlineData("")]
    public void A_header_that_the_platform_never_sends_is_refused(string value) => Assert.Equal(
        ErrorCode.Unauthorized, Assert.Throws<RefusedException>(() => Take(RequestWith(value))).Code);

    [Fact]
    public void Two_headers_are_refused()
    {
        var request = RequestWith(ClientPrincipal.Of("ada"));
        request.Headers.Append(ClientPrincipal.Header, ClientPrincipal.Of("admin", "Images.Admin"));

        Assert.Throws<RefusedException>(() => Take(request));
    }

    /// <summary>A browser adds the cookie of the platform to them.</summary>
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    [InlineData("Origin", "https://attacker.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "https://images.example", true)]
    public void Requests_of_foreign_pages_do_not_act_for_a_user(string header, string value, bool isCaller)
    {
        var request = RequestWith(ClientPrincipal.Of("ada", "Images.Submit"));
        request.Headers[header] = value;

        Assert.Equal(isCaller, Take(request) is not null);
    }

    [Fact]
    public void A_foreign_page_that_has_a_token_acts_for_its_user()
    {
        var request = RequestWith(ClientPrincipal.Of("ada"));
        request.Headers["Sec-Fetch-Site"] = "cross-site";
        request.Headers.Authorization = "Bearer of-the-page";

        Assert.NotNull(Take(request));
    }

    [Theory]
    [InlineData("WEBSITE_AUTH_ENABLED=True", true)]
    [InlineData("CONTAINER_APP_NAME=api", true)]
    [InlineData("WEBSITE_AUTH_ENABLED=False", false)]
    [InlineData("WEBSITE_HOSTNAME=a.azurewebsites.net", false)]
    public void The_setting_stops_the_start_where_no_platform_verifies_callers(string variable, bool starts)
    {
        var builder = StandaloneHost.CreateBuilder(
        [
            "--environment=Production", "--AzureWebJobsStorage=UseDevelopmentStorage=true", "--ImageResize:Identity:EasyAuth=True",
            $"--{variable}",
        ]);

        var failure = Record.Exception(() => builder.AddApplication(StandaloneHost.VisibilityTimeout, crashMarkerPath: null));

        Assert.Equal(starts ? null : typeof(StartupException), failure?.GetType());
        Assert.Contains("ImageResize__Identity__EasyAuth", failure?.Message ?? "ImageResize__Identity__EasyAuth", StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_container_app_a_signed_in_user_needs_no_key_and_a_key_takes_precedence()
    {
        await using var app = await RunningApp.StartAsync(
            azurite, "--environment=Production", "--ImageResize:Identity:EasyAuth=True", "--CONTAINER_APP_NAME=api");

        Assert.Equal(403, await StatusAsync(app, ClientPrincipal.Of("ada")));
        Assert.Equal(200, await StatusAsync(app, ClientPrincipal.Of("ada", "Images.Read")));
        Assert.Equal(200, await StatusAsync(app, ClientPrincipal.Of("ada"), Secrets.ShopKey));
        Assert.Equal(401, await StatusAsync(app, principal: null));
        Assert.Equal(401, await StatusAsync(app, "forged"));
    }

    [Fact]
    public async Task Elsewhere_a_forged_header_opens_nothing()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--environment=Production");

        Assert.Equal(401, await StatusAsync(app, ClientPrincipal.Of("ada", "Images.Admin", "Images.Submit")));
    }

    private static async Task<int> StatusAsync(RunningApp app, string? principal, string? key = null)
    {
        app.Client.DefaultRequestHeaders.Clear();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/batches");
        request.Headers.TryAddWithoutValidation("x-functions-key", key ?? "");
        if (principal is not null)
        {
            request.Headers.Add(ClientPrincipal.Header, principal);
        }

        using var response = await app.Client.SendAsync(request, Token);

        return (int)response.StatusCode;
    }

    private static HttpRequest RequestWith(string principal)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString("images.example");
        context.Request.Headers[ClientPrincipal.Header] = principal;

        return context.Request;
    }

    private static ClaimsPrincipal? Take(HttpRequest request, bool isTrusted = true) =>
        new EasyAuth(Options.Create(new IdentityOptions { EasyAuth = isTrusted })).TakeCaller(request);
}
