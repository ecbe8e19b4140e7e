#:package Microsoft.Playwright@1.64.1
#:property ManagePackageVersionsCentrally=false
#:property PublishAot=false

// Measures the web page or takes pictures of it, in Chromium. Called by bench/page and bench/pictures.
//
//   dotnet run bench/parts/page.cs measure ADDRESS FOLDER
//   dotnet run bench/parts/page.cs pictures ADDRESS FOLDER OUTPUT

using System.Text.Json;
using Microsoft.Playwright;

const int PatienceMs = 300_000;
const string ObserveTasks =
    "window.tasks = []; new PerformanceObserver(list => list.getEntries().forEach(task => window.tasks.push(task.duration)))" +
    ".observe({ type: 'longtask', buffered: true });";
const string ScrollForFiveSeconds = """
    async () => {
      const list = document.querySelector(".list");
      const frames = [];
      const start = performance.now();
      for (let last = start; last - start < 5000;) {
        const now = await new Promise(requestAnimationFrame);
        frames.push(now - last);
        last = now;
        list.scrollTop = (list.scrollTop + 90) % (list.scrollHeight - list.clientHeight);
      }
      frames.shift();
      frames.sort((a, b) => a - b);
      const seconds = frames.reduce((sum, frame) => sum + frame, 0) / 1000;
      return { perSecond: frames.length / seconds, p99: frames[Math.floor(frames.length * 0.99)], longest: frames.at(-1) };
    }
    """;

Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(new()
{
    ExecutablePath = Environment.GetEnvironmentVariable("IMAGERESIZE_BROWSER") ?? "/usr/bin/chromium",
    Args =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ],
});

await (args[0] == "measure" ? MeasureAsync(args[1], args[2]) : TakePicturesAsync(args[1], args[2], args[3]));

async Task MeasureAsync(string address, string folder)
{
    var page = await OpenAsync(address, ColorScheme.Light);
    await page.GetByText("Drop images or folders").First.WaitForAsync();
    await page.EvaluateAsync("window.tasks.length = 0");
    var longestTask = await TraceAsync();
    await DropAsync(page, folder);
    await page.WaitForFunctionAsync("() => document.querySelectorAll('.row').length > 0");
    await page.WaitForTimeoutAsync(5_000);
    Print($"5 s after {Directory.GetFiles(folder).Length} files were dropped", await page.EvaluateAsync<double[]>("window.tasks"));
    await page.WaitForFunctionAsync("() => document.querySelector('.percent')?.textContent === '100 %'");
    Print("Until their last thumbnail", await page.EvaluateAsync<double[]>("window.tasks"));
    Console.WriteLine($"Processor time of the longest task: {await longestTask():0.0} ms");

    page = await OpenAsync(address, ColorScheme.Light);
    await page.GetByText("Addresses, folders and containers").ClickAsync();
    await page.GetByLabel("One per line").FillAsync("many/");
    await page.GetByRole(AriaRole.Button, new() { Name = "Make thumbnails" }).ClickAsync();
    await page.WaitForFunctionAsync("() => document.querySelector('.list').scrollHeight > 20000");
    var frames = await page.EvaluateAsync<JsonElement>(ScrollForFiveSeconds);
    Console.WriteLine($"Scrolling while they're processed: {frames}");

    await page.WaitForFunctionAsync("() => document.querySelector('.percent')?.textContent === '100 %'");
    frames = await page.EvaluateAsync<JsonElement>(ScrollForFiveSeconds);
    Console.WriteLine($"Scrolling when all are processed: {frames}");
}

// The processor time of the page's tasks, without the time in which other programs ran. The result ends the trace.
async Task<Func<Task<double>>> TraceAsync()
{
    var session = await browser.NewBrowserCDPSessionAsync();
    var mainThreads = new HashSet<(int, int)>();
    var tasks = new List<((int, int) Thread, double Milliseconds)>();
    var ended = new TaskCompletionSource();
    session.Event("Tracing.dataCollected").OnEvent += (_, data) =>
    {
        foreach (var entry in data!.Value.GetProperty("value").EnumerateArray())
        {
            var thread = (entry.GetProperty("pid").GetInt32(), entry.GetProperty("tid").GetInt32());
            var name = entry.GetProperty("name").GetString()!;
            if (name == "thread_name" && entry.GetProperty("args").GetProperty("name").GetString() == "CrRendererMain")
            {
                mainThreads.Add(thread);
            }
            else if (name.EndsWith("RunTask", StringComparison.Ordinal) && entry.TryGetProperty("tdur", out var microseconds))
            {
                tasks.Add((thread, microseconds.GetDouble() / 1000));
            }
        }
    };
    session.Event("Tracing.tracingComplete").OnEvent += (_, _) => ended.SetResult();
    await session.SendAsync("Tracing.start", new() { ["categories"] = "toplevel,devtools.timeline", ["transferMode"] = "ReportEvents" });

    return async () =>
    {
        await session.SendAsync("Tracing.end");
        await ended.Task;

        return tasks.Where(task => mainThreads.Contains(task.Thread)).Max(task => task.Milliseconds);
    };
}

// As a user does. Files that are set on a field by Playwright cost the page more, because their sizes are not known yet.
static async Task DropAsync(IPage page, string folder)
{
    var session = await page.Context.NewCDPSessionAsync(page);
    foreach (var type in new[] { "dragEnter", "dragOver", "drop" })
    {
        await session.SendAsync("Input.dispatchDragEvent", new()
        {
            ["type"] = type,
            ["x"] = 600,
            ["y"] = 400,
            ["data"] = new { items = Array.Empty<object>(), files = new[] { folder }, dragOperationsMask = 1 },
        });
    }
}

async Task TakePicturesAsync(string address, string folder, string output)
{
    foreach (var (theme, name) in new[] { (ColorScheme.Light, "light"), (ColorScheme.Dark, "dark") })
    {
        var page = await OpenAsync(address, theme);
        await page.Locator("input[webkitdirectory]").SetInputFilesAsync(folder);
        await page.WaitForFunctionAsync("() => Number.parseInt(document.querySelector('.percent')?.textContent) >= 40");
        await page.WaitForTimeoutAsync(400);
        await SaveAsync(page, Path.Combine(output, $"work-{name}.png"));

        await page.GotoAsync($"{address}/#/playground");
        await page.WaitForFunctionAsync("() => document.querySelector('.results dd') !== null");
        await page.WaitForTimeoutAsync(400);
        await SaveAsync(page, Path.Combine(output, $"playground-{name}.png"));
    }
}

async Task<IPage> OpenAsync(string address, ColorScheme theme)
{
    var context = await browser.NewContextAsync(new() { ColorScheme = theme, ViewportSize = new() { Width = 1200, Height = 760 } });
    await context.AddInitScriptAsync(ObserveTasks);
    var page = await context.NewPageAsync();
    page.SetDefaultTimeout(PatienceMs);
    await page.GotoAsync(address);

    return page;
}

static Task SaveAsync(IPage page, string path) => page.ScreenshotAsync(new() { Path = path });

static void Print(string moment, double[] tasks) =>
    Console.WriteLine($"{moment}: {tasks.Length} tasks of more than 50 ms{(tasks.Length == 0 ? "" : $", the longest {tasks.Max():0} ms")}");
