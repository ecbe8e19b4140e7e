using System.Net.Http.Headers;
using System.Text;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Http.Middleware;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Http.Middleware;

/// <summary>A line for each request that changes something or needs the operator: who, what, and how it was answered.</summary>
public sealed class AuditLogTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_that_change_something_are_logged_with_the_name_of_their_key_or_principal()
    {
        await using var issuer = new TestIssuer();
        var log = new AuditLines();
        await using var app = await RunningApp.StartAsync(
            azurite.ConnectionString,
            services => services.AddSingleton<ILoggerProvider>(log),
            "--environment=Production",
            "--Logging:LogLevel:ImageResize.Audit=Information",
            $"--ImageResize:Identity:Authority={issuer.Authority}",
            $"--ImageResize:Identity:Audience={TestIssuer.Audience}");
        var token = issuer.Sign("0c1d2e3f", "Images.Submit");

        var job = await SendAsync(app, HttpMethod.Post, "/v1/jobs", token);
        await SendAsync(app, HttpMethod.Get, "/v1/batches", token);
        await SendAsync(app, HttpMethod.Delete, $"/v1/jobs/0?code={Secrets.ShopKey}", token: null);
        await SendAsync(app, HttpMethod.Delete, "/v1/jobs/0%0aCaller%E2%80%AEadmin", token);

        Assert.Equal(
            [
                $"Caller principal:0c1d2e3f: POST /v1/jobs: 202 {job}",
                "Caller shop: DELETE /v1/jobs/0: refused -",
                "Caller principal:0c1d2e3f: DELETE /v1/jobs/0?Caller?admin: refused -",
            ],
            log.Lines);
    }

    private static async Task<string?> SendAsync(RunningApp app, HttpMethod method, string address, string? token)
    {
        using var request = new HttpRequestMessage(method, address);
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = method != HttpMethod.Post ? null : new StringContent(
            """{ "source": "cat.jpg", "actions": [ { "measure": {} } ] }""", Encoding.UTF8, "application/json");
        using var response = await app.Client.SendAsync(request, Token);

        return response.Headers.Location?.OriginalString;
    }

    /// <summary>Stores the lines of the category, and nothing else.</summary>
    private sealed class AuditLines : ILoggerProvider
    {
        private readonly TestLog<AuditLog> _audit = new();
        private readonly TestLog<AuditLog> _other = new();

        public string[] Lines => [.. _audit.Lines.Select(line => line.Trim())];

        public ILogger CreateLogger(string categoryName) => categoryName == AuditLog.Category ? _audit : _other;

        public void Dispose()
        {
        }
    }
}
