using ImageResize.Tests.Support;
using Microsoft.Playwright;

namespace ImageResize.Tests.Page;

/// <summary>The view Playground in a real browser.</summary>
public sealed class PlaygroundTests(Azurite azurite, Browser browser)
{
    [Fact]
    public async Task A_changed_option_shows_another_thumbnail_and_the_request_to_copy()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!, "#/playground");
        await OpenPage.ExpectTextAsync(page.Page.Locator(".results"), "480 × 320 JPEG");

        await page.Page.GetByLabel("Width").FillAsync("120");
        await page.Page.GetByLabel("Format").SelectOptionAsync("webp");

        await OpenPage.ExpectTextAsync(page.Page.Locator(".results"), "120 × 80 WEBP");
        await OpenPage.ExpectTextAsync(page.Page.Locator("#snippet"), "/v1/thumbnails?width=120&format=webp");
        await page.Page.GetByRole(AriaRole.Tab, new() { Name = "JSON" }).ClickAsync();
        await OpenPage.ExpectTextAsync(page.Page.Locator("#snippet"), "\"width\": 120,");
        await page.Page.GetByRole(AriaRole.Tab, new() { Name = "Address" }).ClickAsync();
        await OpenPage.ExpectTextAsync(page.Page.Locator("#snippet"), "imageresize sign 'sample.jpg' --width 120 --format webp");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_copied_request_has_a_variable_for_the_key_only_where_the_page_has_a_key()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!, "#/playground");
        await OpenPage.ExpectTextAsync(page.Page.Locator("#snippet"), "curl -f --data-binary '@sample.jpg'");

        await page.ClickAsync("Key");
        await page.Page.GetByLabel("Your key").FillAsync(Secrets.ShopKey);
        await page.ClickAsync("Use keys");

        await OpenPage.ExpectTextAsync(
            page.Page.Locator("#snippet"), "curl -f -H \"x-functions-key: $IMAGERESIZE_KEY\" --data-binary '@sample.jpg'");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task An_image_of_the_service_that_is_missing_is_explained()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!, "#/playground");

        await page.Page.GetByLabel("Or an image of the service").FillAsync("missing.jpg");

        await OpenPage.ExpectTextAsync(page.Page.Locator(".bench [role=alert]"), "does not exist");
        Assert.Empty(page.Errors);
    }
}
