using System.Text.RegularExpressions;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Page;

/// <summary>Watches in the view Health and in the metrics.</summary>
public sealed class WatchedTests(Azurite azurite, Browser browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_and_metrics_show_what_watches_have_found_and_why_one_fails()
    {
        var name = Azurite.UniquePrefix();
        await using var app = await RunningApp.StartAsync(
            azurite,
            $"--ImageResize:Watches:{name}:Source=in/**",
            $"--ImageResize:Watches:{name}:Actions=[{{\"thumbnail\":{{\"width\":40}}}}]",
            $"--ImageResize:Watches:{name}:IntervalSeconds=1",
            $"--ImageResize:Watches:{name}b:Source=missing/**",
            $"--ImageResize:Watches:{name}b:Actions=[{{\"thumbnail\":{{\"width\":40}}}}]");
        app.Images.Write("in/a.jpg", TestImages.Jpeg(80, 60));
        app.Images.Write("in/b.jpg", "no image"u8.ToArray());

        await Eventually.Async(async () => Has(await MetricsAsync(app), "images_finished_total", name, "failed", "1"));
        var metrics = await MetricsAsync(app);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!, "#/health");
        await page.Page.EvaluateAsync(
            "key => { sessionStorage.setItem('imageresize.adminKey', key); document.dispatchEvent(new Event('keys-changed')); }",
            Secrets.AdminKey);
        var row = page.Page.Locator("tr", new() { HasText = "in/**" });

        Assert.True(Has(metrics, "images_finished_total", name, "succeeded", "1"), metrics);
        Assert.True(Has(metrics, "images_found_total", name, "", "2"), metrics);
        Assert.True(Has(metrics, "faults_total", name + "b", "", "[0-9]+"), metrics);
        Assert.True(Has(metrics, "pass_duration_seconds_count", name, "", "[0-9]+"), metrics);
        await OpenPage.ExpectTextAsync(row, "works2110");
        await OpenPage.ExpectTextAsync(
            page.Page.Locator("tr", new() { HasText = "missing/**" }).Locator("[data-state=failed]"), "does not exist");
        Assert.Empty(page.Errors);
    }

    /// <param name="state">Empty if the metric has none.</param>
    /// <param name="value">A pattern.</param>
    private static bool Has(string metrics, string name, string watch, string state, string value) => metrics.Split('\n').Any(line =>
        Regex.IsMatch(line, $"^imageresize_watch_{name}{{.*}} {value}( |$)")
        && line.Contains($"imageresize_watch=\"{watch}\"", StringComparison.OrdinalIgnoreCase)
        && line.Contains(state, StringComparison.Ordinal));

    private static async Task<string> MetricsAsync(RunningApp app)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { RequestKey.Header, Secrets.AdminKey } } };
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        using var response = await client.SendAsync(request, Token);

        return await response.Content.ReadAsStringAsync(Token);
    }
}
