using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Page;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace ImageResize.Tests.Page;

/// <summary>The Chromium of this machine, started by the first test that needs it. Without one, tests of the page are skipped.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>An environment variable: the browser's path, if it's at none of the usual places.</summary>
    private const string Setting = "IMAGERESIZE_BROWSER";

    private static readonly string[] Paths =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    /// <summary>Without services that call other servers, and without what a container doesn't offer.</summary>
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly Lazy<Task<IBrowser>> _browser;
    private IPlaywright? _playwright;

    public Browser() => _browser = new(StartAsync);

    private static string? Path { get; } = new[] { Environment.GetEnvironmentVariable(Setting) }.Concat(Paths).FirstOrDefault(File.Exists);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated)
        {
            await (await _browser.Value).DisposeAsync();
            _playwright?.Dispose();
        }
    }

    /// <summary>Opens the page of a service in a new profile.</summary>
    internal async Task<OpenPage> OpenAsync(Uri service, string address = "", ColorScheme theme = ColorScheme.Light, int width = 1280)
    {
        Assert.SkipWhen(Path is null, $"NOT RUN: there is no Chromium. Install it, or set {Setting} to its path.");
        var context = await (await _browser.Value).NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = theme,
            AcceptDownloads = true,
        });

        return await OpenPage.OpenAsync(context, new Uri(service, address));
    }

    private async Task<IBrowser> StartAsync()
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        _playwright = await Playwright.CreateAsync();

        return await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Args = Arguments });
    }

    /// <summary>The script of axe-core, which finds violations of the rules for accessible pages.</summary>
    internal static async Task<string> ReadAxeAsync(CancellationToken cancellationToken)
    {
        var folder = System.IO.Path.Combine(RepositoryRoot.Find()!, "ImageResize.Tests", "Page", "Tools");
        var package = new NpmPackage(folder)
        {
            Name = "axe-core",
            Purpose = "which checks the page's accessibility",
            Alternative = "or leave out the tests that need it",
        };
        await package.InstallAsync(TestContext.Current.SendDiagnosticMessage, cancellationToken);

        return await File.ReadAllTextAsync(System.IO.Path.Combine(folder, "node_modules", "axe-core", "axe.min.js"), cancellationToken);
    }
}
