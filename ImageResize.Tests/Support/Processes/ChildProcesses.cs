using System.Globalization;

namespace ImageResize.Tests.Support.Processes;

/// <summary>Finds the child processes of a process on Linux. A process that ends meanwhile has none.</summary>
internal static class ChildProcesses
{
    public static IReadOnlyList<int> Of(int parent)
    {
        try
        {
            // Linux lists children by the thread that started them.
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
