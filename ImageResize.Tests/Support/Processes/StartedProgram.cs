using System.Diagnostics;
using System.Globalization;
using ImageResize.Tests.Support.Http;

namespace ImageResize.Tests.Support.Processes;

/// <summary>Runs the program in its own process and samples the memory of it and its children.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _watching;
    private readonly Task<string> _reading;

    private StartedProgram(Process process, string address)
    {
        _process = process;
        Client = new HttpClient(new RetryingClientHandler()) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
        _reading = process.StandardOutput.ReadToEndAsync();
        _watching = WatchAsync();
    }

    public HttpClient Client { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The highest memory of the program and its children together; 0 on systems other than Linux.</summary>
    public long MostMemory { get; private set; }

    /// <param name="group">Limits the memory of the program, from its start.</param>
    /// <param name="program">Its file name without an extension.</param>
    public static async Task<StartedProgram> StartAsync(
        Azurite azurite,
        string images,
        IReadOnlyDictionary<string, string>? environment = null,
        MemoryCgroup? group = null,
        string program = "ImageResize.Functions")
    {
        var executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? program + ".exe" : program);
        var name = Azurite.UniquePrefix();
        var start = group is null
            ? new ProcessStartInfo(executable)
            : new ProcessStartInfo("/bin/sh", ["-c", $"echo $$ > {group.ProcessesFile} && exec {executable}"]);
        start.RedirectStandardOutput = true;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["AzureWebJobsStorage"] = azurite.ConnectionString;
        start.Environment["ImageResize__Sources__ImagesRoot"] = images;
        start.Environment["ImageResize__Storage__TablePrefix"] = name;
        start.Environment["ImageResize__Storage__WorkQueue"] = name;
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.IndexOf("http://127.0.0.1:", StringComparison.Ordinal) is >= 0 and var at)
            {
                return new StartedProgram(process, new Uri(line[at..].Split(' ', '\'')[0]).GetLeftPart(UriPartial.Authority));
            }
        }

        throw new InvalidOperationException("The program ended before it named its address.");
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        LogFiles.Write(await _reading);
        Client.Dispose();
        _process.Dispose();
        _ending.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            MostMemory = Math.Max(MostMemory, Held());
            await Task.Delay(BetweenLooks, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private long Held() =>
        Directory.Exists("/proc/self") ? Family(_process.Id).Sum(ResidentBytes)
            : _process.HasExited ? 0 : Process.GetProcessById(_process.Id).WorkingSet64;

    private static IEnumerable<int> Family(int id) => ChildProcesses.Of(id).SelectMany(Family).Prepend(id);

    // The second number is the resident set in pages of 4 KB.
    private static long ResidentBytes(int id) =>
        ReadOrNothing($"/proc/{id}/statm").Split(' ') is [_, var pages, ..] ? long.Parse(pages, CultureInfo.InvariantCulture) * 4_096 : 0;

    private static string ReadOrNothing(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The process has ended.
            return "";
        }
    }
}
