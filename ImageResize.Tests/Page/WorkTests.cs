using System.IO.Compression;
using ImageResize.Tests.Support;
using Microsoft.Playwright;

namespace ImageResize.Tests.Page;

/// <summary>The view Work in a real browser: files, folders and addresses become thumbnails.</summary>
public sealed class WorkTests(Azurite azurite, Browser browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chosen_file_becomes_a_thumbnail_that_can_be_compared_and_saved()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);

        await page.ChooseAsync(("cat.jpg", TestImages.Jpeg(900, 600)));
        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectVisibleAsync(page.Page.Locator(".row-thumb img:visible"));
        await page.Page.Locator(".row-name").ClickAsync();
        await OpenPage.ExpectVisibleAsync(page.Page.Locator(".compare-stage[data-mode=slider]"));
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.ClickAsync("Download"));

        Assert.Equal("cat.jpg", download.SuggestedFilename);
        Assert.Equal(300, await page.Page.Locator(".compare-after").EvaluateAsync<int>("image => image.naturalWidth"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_folder_of_100_reaches_100_percent_with_its_failure_first_and_its_names_in_the_archive()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        using var folder = new TemporaryFolder();
        WriteFolder(folder);

        await page.ChooseFolderAsync(folder["trip"]);
        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "1 failed98 done1 duplicatesof 100");
        await OpenPage.ExpectTextAsync(page.FirstRow, "text.jpg");
        await OpenPage.ExpectTextAsync(page.FirstRow.Locator(".row-detail"), "not an image");
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.ClickAsync("Download zip"));
        await using var archive = await ZipFile.OpenReadAsync(await download.PathAsync(), Token);

        Assert.Equal("trip.zip", download.SuggestedFilename);
        Assert.All(archive.Entries, entry => Assert.InRange(entry.LastWriteTime, DateTimeOffset.Now.AddHours(-1), DateTimeOffset.Now));
        Assert.Equal(99, archive.Entries.Count);
        Assert.Contains("trip/day 2/café 42.jpg", archive.Entries.Select(entry => entry.FullName));
        Assert.Contains("trip/copy of 0.jpg", archive.Entries.Select(entry => entry.FullName));
        Assert.All(archive.Entries, entry => Assert.True(entry.Length > 100));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Work_can_be_canceled()
    {
        // Nothing is processed; a larger batch would not be listed.
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);

        await page.ChooseAsync([.. Enumerable.Range(0, 20).Select(i => ($"{i}.jpg", TestImages.Jpeg(40 + i, 30)))]);
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "queued");
        await page.ClickAsync("Cancel");

        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "20 canceled");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Failed_jobs_of_a_batch_are_retried_as_a_new_one_that_its_address_opens()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        app.Images.Write("folder/a.jpg", TestImages.Jpeg(400, 300));
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);

        await page.Page.GetByText("Addresses, folders and containers").ClickAsync();
        await page.Page.GetByLabel("One per line").FillAsync("folder/\nlater.jpg");
        await page.Page.GetByLabel("Name of the batch").FillAsync("spring");
        await page.ClickAsync("Make thumbnails");
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "1 failed1 doneof 2");
        await OpenPage.ExpectTextAsync(page.FirstRow, "later.jpg");
        app.Images.Write("later.jpg", TestImages.Jpeg(500, 300));
        await page.ClickAsync("Retry all failed");
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "1 doneof 1");
        await using var again = await browser.OpenAsync(app.Client.BaseAddress!, new Uri(page.Page.Url).Fragment);

        await again.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(again.FirstRow, "later.jpg");
        await OpenPage.ExpectVisibleAsync(again.Page.Locator(".row-thumb img:visible"));
        Assert.Empty(page.Errors.Concat(again.Errors));
    }

    [Fact]
    public async Task A_list_of_2000_has_only_visible_rows_and_is_used_by_keyboard()
    {
        // Nothing is processed; a larger batch would not be listed.
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        var items = string.Join(',', Enumerable.Range(0, 2_000).Select(i => $$"""{"source":"{{i:D5}}.jpg"}"""));
        var batch = $$$"""{"items":[{{{items}}}],"actions":[{"measure":{}}]}""";
        using var body = new StringContent(batch, mediaType: new("application/json"));
        using var submitted = await app.Client.PostAsync("/v1/batches", body, Token);
        var id = submitted.Headers.Location!.OriginalString.Split('/')[^1];
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!, $"#/images/batches/{id}");
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "of 2,000");
        await page.Page.GetByRole(AriaRole.Region, new() { Name = "Images", Exact = true }).FocusAsync();
        await page.Page.Keyboard.PressAsync("End");

        await OpenPage.ExpectVisibleAsync(page.Page.GetByRole(AriaRole.Button, new() { Name = "01999.jpg" }));
        Assert.InRange(await page.Page.Locator(".row").CountAsync(), 5, 60);
        Assert.Empty(page.Errors);
    }

    /// <summary>100 files: 98 images in two folders, one of them twice, and a text.</summary>
    private static void WriteFolder(TemporaryFolder folder)
    {
        for (var i = 0; i < 98; i++)
        {
            folder.Write(i % 2 == 0 ? $"trip/{i}.jpg" : $"trip/day 2/café {i + 1}.jpg", TestImages.Jpeg(200 + i, 150));
        }

        folder.Write("trip/copy of 0.jpg", File.ReadAllBytes(folder["trip/0.jpg"]));
        folder.Write("trip/text.jpg", "no image"u8.ToArray());
        folder.Write("trip/notes.txt", "not sent"u8.ToArray());
        folder.Write("trip/.hidden.jpg", "not sent"u8.ToArray());
    }
}
