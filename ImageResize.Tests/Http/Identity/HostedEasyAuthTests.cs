using System.Text;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Http.Identity;

/// <summary>Users that Easy Auth of Azure Functions has signed in. The host demands a function key as well.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class HostedEasyAuthTests(Azurite azurite, PublishedApp published)
{
    private const string Submitter = "Images.Submit";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_in_user_is_the_owner_and_needs_a_role()
    {
        await using var host = await StartAsync(("WEBSITE_AUTH_ENABLED", "True"), ("ImageResize__Identity__EasyAuth", "True"));

        var (status, job) = await SendAsync(host, HttpMethod.Post, "/v1/jobs", ClientPrincipal.Of("ada", Submitter));

        Assert.Equal(202, status);
        Assert.Equal(200, (await SendAsync(host, HttpMethod.Get, job, ClientPrincipal.Of("ada", "Images.Read"))).Status);
        Assert.Equal(404, (await SendAsync(host, HttpMethod.Get, job, ClientPrincipal.Of("other", "Images.Read"))).Status);
        Assert.Equal(404, (await SendAsync(host, HttpMethod.Get, job, principal: null)).Status);
        Assert.Equal(403, (await SendAsync(host, HttpMethod.Get, job, ClientPrincipal.Of("ada"))).Status);
        Assert.Equal(403, (await SendAsync(host, HttpMethod.Post, "/v1/jobs", ClientPrincipal.Of("ada", "Images.Read"))).Status);
        Assert.Equal(200, (await SendAsync(host, HttpMethod.Get, "/health/live", ClientPrincipal.Of("ada"))).Status);
    }

    [Fact]
    public async Task Without_the_setting_the_header_is_ignored()
    {
        await using var host = await StartAsync(("WEBSITE_AUTH_ENABLED", "True"));

        var (status, job) = await SendAsync(host, HttpMethod.Post, "/v1/jobs", ClientPrincipal.Of("ada"));

        Assert.Equal(202, status);
        Assert.Equal(200, (await SendAsync(host, HttpMethod.Get, job, principal: null)).Status);
        Assert.Equal(200, (await SendAsync(host, HttpMethod.Get, job, ClientPrincipal.Of("other"))).Status);
    }

    private Task<FunctionsHostDouble> StartAsync(params (string Name, string Value)[] more)
    {
        var name = Azurite.UniquePrefix();
        var settings = more.ToDictionary(setting => setting.Name, setting => setting.Value);
        settings["AzureWebJobsStorage"] = azurite.ConnectionString;
        settings["ImageResize__Storage__TablePrefix"] = name;
        settings["ImageResize__Storage__WorkQueue"] = name;

        return published.StartAsync(settings, new HostSetup { ReceivesMessages = false });
    }

    /// <returns>The status, and the address of a created job.</returns>
    private static async Task<(int Status, string Location)> SendAsync(
        FunctionsHostDouble host, HttpMethod method, string address, string? principal)
    {
        using var request = new HttpRequestMessage(method, address);
        if (principal is not null)
        {
            request.Headers.Add(ClientPrincipal.Header, principal);
        }

        request.Content = method != HttpMethod.Post ? null : new StringContent(
            """{ "source": "missing.jpg", "actions": [ { "measure": {} } ] }""", Encoding.UTF8, "application/json");
        using var response = await host.SendAsync(request, Token);

        return ((int)response.StatusCode, response.Headers.Location?.OriginalString ?? "");
    }
}
