using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Hosts;

/// <summary>The program behind nginx and HAProxy, configured as docs/proxies shows, and behind nginx with its defaults.</summary>
public sealed class ReverseProxyTests(Azurite azurite)
{
    private const string Job = """{ "items": [ { "source": "a.jpg" } ], "actions": [ { "measure": {} } ] }""";

    private const string StockNginx = "server { listen 80; location / { proxy_pass http://127.0.0.1:8080; } }";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Behind_nginx_events_arrive_at_once_and_links_have_the_prefix() =>
        CheckAsync("nginx", Documented("nginx.conf"), "/img");

    [Fact]
    public Task Behind_nginx_with_its_defaults_events_arrive_at_once() => CheckAsync("nginx", StockNginx, "");

    [Fact]
    public Task Behind_HAProxy_events_arrive_at_once_and_links_have_the_prefix() =>
        CheckAsync("haproxy", Documented("haproxy.cfg"), "/img");

    private static string Documented(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Find()!, "docs", "proxies", file));

    /// <summary>Without workers the batch never ends, so that an event arrives only if the proxy does not wait for the end.</summary>
    private async Task CheckAsync(string program, string configuration, string prefix)
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api", "--ImageResize:Proxy:Trusted=127.0.0.1");
        using var folder = new TemporaryFolder();
        var port = FreePorts.TakeOne();
        using var proxy = Start(program, folder, configuration, port, app.Client.BaseAddress!.Port);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            client.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.ShopKey);
            await Eventually.Async(() => IsReadyAsync(client, $"{prefix}/health/live"));

            using var response = await client.PostAsync(
                $"{prefix}/v1/batches", new StringContent(Job, mediaType: new("application/json")), Token);
            var links = (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("links");
            var events = links.GetProperty("events").GetString()!;
            using var stream = new StreamReader(await client.GetStreamAsync(events, Token));

            Assert.Equal(links.GetProperty("self").GetString(), response.Headers.Location!.OriginalString);
            Assert.StartsWith($"{prefix}/v1/batches/", events, StringComparison.Ordinal);
            Assert.Equal("event: progress", await stream.ReadLineAsync(Token));
        }
        finally
        {
            proxy.Kill(entireProcessTree: true);
            await proxy.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(string program, TemporaryFolder folder, string configuration, int port, int appPort)
    {
        var path = $"/usr/sbin/{program}";
        Assert.SkipUnless(File.Exists(path), $"{program} is not installed. .ci/run installs it.");
        var text = configuration
            .Replace("127.0.0.1:8080", $"127.0.0.1:{appPort}", StringComparison.Ordinal)
            .Replace("listen 80;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal)
            .Replace("bind :80", $"bind 127.0.0.1:{port}", StringComparison.Ordinal);
        var file = folder["proxy.conf"];
        File.WriteAllText(file, program == "nginx" ? InNginx(text, folder) : text);

        return Process.Start(program == "nginx"
            ? new ProcessStartInfo(path, ["-p", folder.Path, "-e", folder["error.log"], "-c", file])
            : new ProcessStartInfo(path, ["-q", "-f", file]))!;
    }

    /// <summary>The rest of nginx' configuration, with all files in the folder.</summary>
    private static string InNginx(string site, TemporaryFolder folder) =>
        $$"""
        daemon off;
        pid {{folder["pid"]}};
        error_log {{folder["error.log"]}};
        events { }
        http {
          access_log off;
          client_body_temp_path {{folder["body"]}};
          proxy_temp_path {{folder["proxy"]}};
          fastcgi_temp_path {{folder["fastcgi"]}};
          uwsgi_temp_path {{folder["uwsgi"]}};
          scgi_temp_path {{folder["scgi"]}};
          {{site}}
        }
        """;

    private static async Task<string?> IsReadyAsync(HttpClient client, string address)
    {
        try
        {
            using var response = await client.GetAsync(address, Token);

            return response.IsSuccessStatusCode ? "ready" : null;
        }
        catch (HttpRequestException)
        {
            // The proxy does not listen yet.
            return null;
        }
    }
}
