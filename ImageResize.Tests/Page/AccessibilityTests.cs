using System.Text.Json;
using ImageResize.Tests.Support;
using Microsoft.Playwright;

namespace ImageResize.Tests.Page;

/// <summary>All views, checked with the rules of axe-core, in both themes and on a phone.</summary>
public sealed class AccessibilityTests(Azurite azurite, Browser browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task All_views_are_accessible(ColorScheme theme, int width)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!, "", theme, width);
        var axe = await Browser.ReadAxeAsync(Token);

        var violations = new List<string>(await CheckAsync(page, axe, "empty"));
        await page.ChooseAsync(("cat.jpg", TestImages.Jpeg(400, 300)), ("text.jpg", "no image"u8.ToArray()));
        await page.ExpectPercentAsync(100);
        violations.AddRange(await CheckAsync(page, axe, "work"));
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "cat.jpg", Exact = true }).ClickAsync();
        await OpenPage.ExpectVisibleAsync(page.Page.Locator(".compare-stage[data-mode=slider]"));
        violations.AddRange(await CheckAsync(page, axe, "detail"));
        await page.Page.Keyboard.PressAsync("Escape");
        await page.ClickAsync("Key");
        violations.AddRange(await CheckAsync(page, axe, "keys"));
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Playground" }).ClickAsync();
        await OpenPage.ExpectTextAsync(page.Page.Locator(".results"), "Bytes");
        violations.AddRange(await CheckAsync(page, axe, "playground"));
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Health" }).ClickAsync();
        await OpenPage.ExpectTextAsync(page.Page.Locator(".health-state"), "Ready");
        violations.AddRange(await CheckAsync(page, axe, "health"));

        Assert.Empty(violations);
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(320)]
    [InlineData(360)]
    [InlineData(640)]
    public async Task The_header_has_two_rows_on_a_phone(int width)
    {
        const int TwoRows = 100;
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!, "", ColorScheme.Light, width);

        await page.ClickAsync("Key");
        await page.Page.GetByLabel("Your key").FillAsync(Secrets.ShopKey);
        await page.ClickAsync("Use keys");
        await OpenPage.ExpectVisibleAsync(page.Page.GetByText("Key set"));

        Assert.InRange((await page.Page.Locator("header.bar").BoundingBoxAsync())!.Height, 1, TwoRows);
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task A_chosen_theme_outlasts_a_reload()
    {
        const string Ground = "getComputedStyle(document.documentElement).backgroundColor";
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!, "", ColorScheme.Light, 1280);
        var light = await page.Page.EvaluateAsync<string>(Ground);

        await page.Page.GetByLabel("Theme").SelectOptionAsync("Dark");
        await page.Page.ReloadAsync();

        await Assertions.Expect(page.Page.GetByLabel("Theme")).ToHaveValueAsync("dark");
        Assert.NotEqual(light, await page.Page.EvaluateAsync<string>(Ground));
        Assert.Empty(page.Errors);
    }

    private static async Task<IEnumerable<string>> CheckAsync(OpenPage page, string axe, string view)
    {
        await OpenPage.ExpectVisibleAsync(page.Page.Locator("h1:visible").First);
        await page.Page.EvaluateAsync(axe);
        var result = await page.Page.EvaluateAsync<JsonElement>("async () => (await axe.run()).violations");

        return [.. result.EnumerateArray().Select(violation =>
            $"{view}: {violation.GetProperty("id")}: {violation.GetProperty("nodes")[0].GetProperty("html")}")];
    }
}
