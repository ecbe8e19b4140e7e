using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using Microsoft.Playwright;

namespace ImageResize.Tests.Page;

/// <summary>The page under the Functions host, where its files need no key and its requests need a function key.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class HostedPageTests(Azurite azurite, PublishedApp published, Browser browser)
{
    [Fact]
    public async Task Chosen_files_become_thumbnails_under_the_Functions_host()
    {
        using var images = new TemporaryFolder();
        await using var host = await published.StartAsync(azurite, images);
        await using var page = await browser.OpenAsync(host.Client.BaseAddress!);

        await page.ChooseAsync(("cat.jpg", TestImages.Jpeg(400, 300)), ("text.jpg", "no image"u8.ToArray()));
        await page.Page.GetByLabel("Your key").FillAsync(HttpTriggers.FunctionKey);
        await page.ClickAsync("Use keys");

        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "1 failed1 doneof 2");
        await OpenPage.ExpectVisibleAsync(page.Page.Locator(".row-thumb img:visible"));
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Health" }).ClickAsync();
        await OpenPage.ExpectTextAsync(page.Page.Locator(".health-state"), "Ready");
        Assert.Empty(page.Errors);
    }
}
