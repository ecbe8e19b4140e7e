using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ImageResize.Tests.Page;

/// <summary>An open page, what tests do with it, and the errors that the browser has reported.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private const int PatienceMs = 60_000;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = new();

    private OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(PatienceMs);
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            // Responses such as 401 and 503 are expected; a script, a style or an image that the policy refuses is not.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _errors.Enqueue(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Errors => _errors;

    public ILocator FirstRow => Page.Locator(".row:visible[aria-posinset='1']");

    public ILocator Percent => Page.Locator(".percent");

    public static async Task<OpenPage> OpenAsync(IBrowserContext context, Uri address)
    {
        var page = new OpenPage(context, await context.NewPageAsync());
        await page.Page.GotoAsync(address.AbsoluteUri);

        return page;
    }

    public Task ChooseAsync(params (string Name, byte[] Bytes)[] files) => Page.Locator("input[type=file][multiple]").SetInputFilesAsync(
        files.Select(file => new FilePayload { Name = file.Name, MimeType = "image/jpeg", Buffer = file.Bytes }));

    public Task ChooseFolderAsync(string folder) => Page.Locator("input[webkitdirectory]").SetInputFilesAsync(folder);

    public Task ClickAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public Task ExpectPercentAsync(int percent) => ExpectTextAsync(Percent, $"{percent} %");

    public static Task ExpectTextAsync(ILocator locator, string text) =>
        Expect(locator).ToContainTextAsync(text, new() { Timeout = PatienceMs });

    public static Task ExpectVisibleAsync(ILocator locator) => Expect(locator).ToBeVisibleAsync(new() { Timeout = PatienceMs });

    public static Task ExpectHiddenAsync(ILocator locator) => Expect(locator).ToBeHiddenAsync(new() { Timeout = PatienceMs });

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
