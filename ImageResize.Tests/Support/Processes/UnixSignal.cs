using System.Globalization;
using ImageResize.Functions.Standalone.LocalStorage;

namespace ImageResize.Tests.Support.Processes;

/// <summary>Sends a signal by its name, because the numbers differ between Linux and macOS.</summary>
internal static class UnixSignal
{
    public static async Task SendAsync(string name, int processId)
    {
        var id = processId.ToString(CultureInfo.InvariantCulture);
        var kill = await Tool.RunAsync("kill", [$"-{name}", id], ".", CancellationToken.None);
        Assert.Equal(0, kill.ExitCode);
    }
}
