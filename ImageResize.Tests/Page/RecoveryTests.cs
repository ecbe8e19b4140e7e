using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;
using Microsoft.Playwright;

namespace ImageResize.Tests.Page;

/// <summary>The page while something goes wrong: a reload, a wrong key, unavailable storage.</summary>
public sealed class RecoveryTests(Azurite azurite, Browser browser)
{
    /// <summary>Waits for the last file that the page loads in advance.</summary>
    private const string WaitForLastFile = """
        async () => {
          const isLoaded = () => performance.getEntriesByType("resource").some(file => file.name.endsWith("/uPlot.iife.min.js"));
          for (let i = 0; !isLoaded(); i++) {
            if (i === 600) {
              throw new Error("The page did not load its other views.");
            }
            await new Promise(resolve => setTimeout(resolve, 100));
          }
        }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_continues_after_a_reload_without_sending_a_file_twice()
    {
        const int Files = 20;
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        var sent = 0;
        var isOpen = false;
        await page.Page.RouteAsync("**/v1/images?name=*", async route =>
        {
            // The second half is held until the page has been loaded again. A request that was held is not counted.
            if (isOpen || Interlocked.Increment(ref sent) <= Files / 2)
            {
                await route.ContinueAsync();
            }
        });

        await page.ChooseAsync([.. Enumerable.Range(0, Files).Select(i => ($"{i}.jpg", TestImages.Jpeg(400, 300 + i)))]);
        await page.ExpectPercentAsync(50);
        var uploads = 0;
        page.Page.Request += (_, request) => uploads += request.Url.Contains("/v1/images?name=", StringComparison.Ordinal) ? 1 : 0;
        isOpen = true;
        await page.Page.ReloadAsync();

        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), $"{Files} done");
        Assert.Equal(Files / 2, uploads);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_wrong_key_is_asked_for_again_and_kept_in_this_tab_only()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--environment=Production");
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        var dialog = page.Page.GetByRole(AriaRole.Dialog);

        await page.ChooseAsync(("cat.jpg", TestImages.Jpeg(400, 300)));
        await OpenPage.ExpectTextAsync(dialog, "The service needs a key.");
        await dialog.GetByLabel("Your key").FillAsync("a-wrong-key-of-nobody");
        await page.ClickAsync("Use keys");
        await OpenPage.ExpectTextAsync(dialog, "The service doesn't accept this key.");
        await dialog.GetByLabel("Your key").FillAsync(Secrets.ShopKey);
        await page.ClickAsync("Use keys");

        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectVisibleAsync(page.Page.Locator(".row-thumb img:visible"));
        Assert.DoesNotContain(Secrets.ShopKey, page.Page.Url, StringComparison.Ordinal);
        var stored = await page.Page.EvaluateAsync<string>("JSON.stringify(localStorage)");
        Assert.DoesNotContain(Secrets.ShopKey, stored, StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Views_that_were_not_shown_yet_open_while_the_service_does_not_answer()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);

        await page.Page.EvaluateAsync(WaitForLastFile);
        await page.Page.Context.SetOfflineAsync(true);
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Health" }).ClickAsync();
        await OpenPage.ExpectTextAsync(page.Page.Locator(".health-state"), "The service doesn't answer");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Playground" }).ClickAsync();
        await OpenPage.ExpectTextAsync(page.Page.Locator(".bench [role=alert]"), "The service doesn't answer");
        await page.Page.Context.SetOfflineAsync(false);
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Health" }).ClickAsync();

        await OpenPage.ExpectTextAsync(page.Page.Locator(".health-state"), "Ready");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Work_waits_while_storage_is_unavailable_and_then_continues()
    {
        await using var own = await PrivateAzurite.StartAsync(Token);
        await using var app = await RunningApp.StartAsync(own.ConnectionString);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        await own.StopAsync();

        await page.ChooseAsync([.. Enumerable.Range(0, 3).Select(i => ($"{i}.jpg", TestImages.Jpeg(400, 300 + i)))]);
        await OpenPage.ExpectTextAsync(page.Page.Locator("#notice"), "Nothing is lost.");
        await own.RestartAsync(Token);

        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "3 done");
        await OpenPage.ExpectHiddenAsync(page.Page.Locator("#notice"));
        Assert.Empty(page.Errors);
    }
}
