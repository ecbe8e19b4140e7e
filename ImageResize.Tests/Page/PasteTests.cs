using ImageResize.Tests.Support;
using Microsoft.Playwright;

namespace ImageResize.Tests.Page;

/// <summary>Images and addresses from the clipboard, pasted with the keyboard.</summary>
public sealed class PasteTests(Azurite azurite, Browser browser)
{
    private const string CopyImage = """
        async () => {
          const canvas = new OffscreenCanvas(300, 200);
          canvas.getContext("2d").fillRect(20, 20, 100, 100);
          await navigator.clipboard.write([new ClipboardItem({ "image/png": await canvas.convertToBlob() })]);
        }
        """;

    [Fact]
    public async Task A_pasted_image_becomes_a_thumbnail()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await OpenAsync(app, "");

        await page.Page.EvaluateAsync(CopyImage);
        await page.Page.Keyboard.PressAsync("Control+V");

        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(page.FirstRow, "image.png");
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "1 doneof 1");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Pasted_addresses_are_added_to_the_list_and_become_thumbnails()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        app.Images.Write("a.jpg", TestImages.Jpeg(400, 300));
        app.Images.Write("Japan/b.jpg", TestImages.Jpeg(400, 301));
        await using var page = await OpenAsync(app, "");

        await PasteAsync(page, "a.jpg");
        await page.Page.Locator("body").ClickAsync(new() { Position = new() { X = 700, Y = 700 } });
        await PasteAsync(page, "Japan/\n");
        await Assertions.Expect(page.Page.GetByLabel("One per line")).ToHaveValueAsync("a.jpg\nJapan/");
        await page.ClickAsync("Make thumbnails");

        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "2 doneof 2");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_text_that_is_pasted_into_a_field_stays_there()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await OpenAsync(app, "");

        await page.Page.GetByLabel("Sizes").FillAsync("");
        await PasteAsync(page, "64x64");

        await Assertions.Expect(page.Page.GetByLabel("Sizes")).ToHaveValueAsync("64x64");
        await Assertions.Expect(page.Page.GetByLabel("One per line")).ToHaveValueAsync("");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_playground_takes_a_pasted_image_or_address()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        app.Images.Write("a.jpg", TestImages.Jpeg(400, 300));
        await using var page = await OpenAsync(app, "#/playground");
        await OpenPage.ExpectTextAsync(page.Page.Locator(".results"), "480 × 320 JPEG");

        await page.Page.EvaluateAsync(CopyImage);
        await page.Page.Keyboard.PressAsync("Control+V");
        await OpenPage.ExpectTextAsync(page.Page.Locator(".results"), "300 × 200 PNG");
        await PasteAsync(page, "a.jpg");

        await OpenPage.ExpectTextAsync(page.Page.Locator(".results"), "400 × 300 JPEG");
        await Assertions.Expect(page.Page.GetByLabel("Or an image of the service")).ToHaveValueAsync("a.jpg");
        Assert.Empty(page.Errors);
    }

    private async Task<OpenPage> OpenAsync(RunningApp app, string address)
    {
        var page = await browser.OpenAsync(app.Client.BaseAddress!, address);
        await page.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await OpenPage.ExpectVisibleAsync(page.Page.Locator(".drop"));

        return page;
    }

    private static async Task PasteAsync(OpenPage page, string text)
    {
        await page.Page.EvaluateAsync("text => navigator.clipboard.writeText(text)", text);
        await page.Page.Keyboard.PressAsync("Control+V");
    }
}
