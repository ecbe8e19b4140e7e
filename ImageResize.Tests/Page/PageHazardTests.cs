using System.IO.Compression;
using System.Text.Json.Nodes;
using ImageResize.Tests.Support;
using Microsoft.Playwright;

namespace ImageResize.Tests.Page;

/// <summary>Addresses, names and stored data that the page has not written itself, and moments that are hard to meet.</summary>
public sealed class PageHazardTests(Azurite azurite, Browser browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("#/images/batches/%")]
    [InlineData("#/constructor")]
    [InlineData("#/images/runs/unknown")]
    public async Task An_address_that_means_nothing_shows_the_page(string address)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!, address);

        await OpenPage.ExpectVisibleAsync(page.Page.GetByText("Drop images or folders", new() { Exact = true }));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task An_id_in_the_address_is_only_an_id()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        var paths = new List<string>();
        page.Page.Request += (_, request) => paths.Add(new Uri(request.Url).PathAndQuery);

        await page.Page.EvaluateAsync("location.hash = '#/images/batches/..%2F..%2Fhealth%2Flive%3Fpurge%3Dtrue'");

        await OpenPage.ExpectTextAsync(page.Page.Locator(".run-note"), "There is no batch");
        await OpenPage.ExpectHiddenAsync(page.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }));
        Assert.Contains("/v1/batches/..%2F..%2Fhealth%2Flive%3Fpurge%3Dtrue", paths);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_view_that_cannot_be_loaded_leaves_the_others_as_they_are()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        await page.Page.RouteAsync("**/health/view.js", route => route.AbortAsync());
        await page.Page.ReloadAsync();
        await page.ChooseAsync(("cat.jpg", TestImages.Jpeg(400, 300)));
        await page.ExpectPercentAsync(100);

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Health" }).ClickAsync();
        await OpenPage.ExpectTextAsync(page.Page.Locator("main"), "could not be loaded");
        await page.Page.GoBackAsync();

        await page.ExpectPercentAsync(100);
    }

    [Fact]
    public async Task Names_with_signs_of_addresses_are_whole_in_the_archive()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);

        await page.ChooseAsync(("photo #1.jpg", TestImages.Jpeg(400, 300)), ("photo #2?.jpg", TestImages.Jpeg(400, 301)));
        await page.ExpectPercentAsync(100);
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.ClickAsync("Download zip"));
        await using var archive = await ZipFile.OpenReadAsync(await download.PathAsync(), Token);

        Assert.Equal(["photo #1.jpg", "photo #2?.jpg"], archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stored_options_that_cannot_be_read_are_ignored()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);

        await page.Page.EvaluateAsync("localStorage.setItem('imageresize.options', '{broken')");
        await page.Page.ReloadAsync();

        await page.ChooseAsync(("cat.jpg", TestImages.Jpeg(400, 300)));
        await page.ExpectPercentAsync(100);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Work_goes_on_when_the_data_of_the_page_is_deleted()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        await page.ChooseAsync(("first.jpg", TestImages.Jpeg(400, 300)));
        await page.ExpectPercentAsync(100);
        var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        var origin = app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        await session.SendAsync("Storage.clearDataForOrigin", new() { ["origin"] = origin, ["storageTypes"] = "indexeddb" });

        await page.ChooseAsync(("cat.jpg", TestImages.Jpeg(400, 301)), ("dog.jpg", TestImages.Jpeg(400, 302)));

        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "2 done");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_failure_that_was_retried_is_not_read_again()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        var first = "";
        await page.Page.RouteAsync("**/v1/batches/*/jobs", async route =>
        {
            // The first result of the image is a failure, as after faults of storage. That of the retry arrives before it.
            var response = await route.FetchAsync();
            first = first.Length == 0 ? route.Request.Url : first;
            var isFirst = first == route.Request.Url;
            await Task.Delay(isFirst ? 300 : 0, Token);
            await route.FulfillAsync(new() { Response = response, Body = isFirst ? Fail(await response.TextAsync()) : null });
        });

        await page.ChooseAsync(("cat.jpg", TestImages.Jpeg(400, 300)));
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "1 failed");
        await page.ClickAsync("Retry all failed");
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "queued");

        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "1 done");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_reload_just_after_files_were_chosen_loses_none()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        await page.Page.RouteAsync("**/v1/images?name=*", route => Task.CompletedTask);
        using var folder = new TemporaryFolder();
        foreach (var i in Enumerable.Range(0, 400))
        {
            folder.Write($"trip/{i}.jpg", [.. TestImages.Jpeg(40, 30), (byte)(i % 256), (byte)(i / 256)]);
        }

        // The first upload begins when the run is stored. Its files are not.
        await page.Page.RunAndWaitForRequestAsync(
            () => page.ChooseFolderAsync(folder["trip"]),
            request => request.Url.Contains("images?name=", StringComparison.Ordinal));
        await page.Page.ReloadAsync();

        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "of 400");
        Assert.Empty(page.Errors);
    }

    private static string Fail(string page)
    {
        var jobs = JsonNode.Parse(page)!;
        var job = jobs["value"]![0]!;
        job["state"] = "failed";
        job["error"] = new JsonObject { ["code"] = "gave_up", ["message"] = "Gave up." };

        return jobs.ToJsonString();
    }
}
