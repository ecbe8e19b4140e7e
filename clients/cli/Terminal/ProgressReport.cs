using Spectre.Console;

namespace ImageResize.Cli.Terminal;

/// <summary>The line of a progress display.</summary>
/// <param name="task">Null if there is no display.</param>
internal sealed class ProgressReport(ProgressTask? task)
{
    private readonly string _title = task?.Description ?? "";

    /// <param name="total">Null if it is not known yet.</param>
    public void Set(long done, long? total, int failed = 0)
    {
        if (task is null)
        {
            return;
        }

        task.IsIndeterminate = total is null;
        task.MaxValue = Math.Max(total ?? done + 1, 1);
        task.Value = done;
        task.Description = failed == 0 ? _title : $"{_title} [red]({failed} failed)[/]";
    }
}
