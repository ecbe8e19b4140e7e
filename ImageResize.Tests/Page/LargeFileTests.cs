using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using ImageResize.Core.Storage.Blobs;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Page;

/// <summary>Files of more than 20 MB, which the page sends to storage.</summary>
public sealed class LargeFileTests(Azurite azurite, Browser browser)
{
    private static readonly byte[] Large = [.. TestImages.Jpeg(900, 600), .. new byte[21_000_000]];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_file_is_sent_to_storage_and_becomes_a_thumbnail()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await app.Services.GetRequiredService<BrowserUploads>().AllowAsync(Token);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        var sent = Record(page);

        await page.ChooseAsync(("large.jpg", Large), ("small.jpg", TestImages.Jpeg(400, 300)));
        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "2 doneof 2");

        var storage = new BlobServiceClient(azurite.ConnectionString).Uri.Authority;
        Assert.Contains($"PUT {storage}", sent);
        Assert.Single(sent, line => line == $"POST {app.Client.BaseAddress!.Authority}/v1/images");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_large_file_is_sent_to_the_service_if_storage_is_out_of_reach()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await using var page = await browser.OpenAsync(app.Client.BaseAddress!);
        await page.Page.RouteAsync("**/*-pending-*/**", route => route.AbortAsync());
        var sent = Record(page);

        await page.ChooseAsync(("large.jpg", Large));
        await page.ExpectPercentAsync(100);
        await OpenPage.ExpectTextAsync(page.Page.Locator(".counts"), "1 doneof 1");

        Assert.Contains($"POST {app.Client.BaseAddress!.Authority}/v1/images", sent);
    }

    /// <returns>The requests that send something, as they are made; those to storage without the path.</returns>
    private static ConcurrentQueue<string> Record(OpenPage page)
    {
        var sent = new ConcurrentQueue<string>();
        page.Page.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            var path = request.Method == "PUT" ? "" : address.AbsolutePath;
            sent.Enqueue($"{request.Method} {address.Authority}{path}");
        };

        return sent;
    }
}
