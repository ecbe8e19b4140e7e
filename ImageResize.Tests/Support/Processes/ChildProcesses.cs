using System.Globalization;

namespace ImageResize.Tests.Support.Processes;

/// <summary>The processes that a process has started, where the system tells: on Linux. What ends while it is looked at has none.</summary>
internal static class ChildProcesses
{
    public static IReadOnlyList<int> Of(int parent)
    {
        try
        {
            // Each thread has those that it has started itself.
            return [.. Directory.GetDirectories($"/proc/{parent}/task").SelectMany(StartedBy)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static IEnumerable<int> StartedBy(string thread)
    {
        try
        {
            return File.ReadAllText(thread + "/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return [];
        }
    }
}
