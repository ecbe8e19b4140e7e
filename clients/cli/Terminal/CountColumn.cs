using Spectre.Console;
using Spectre.Console.Rendering;

namespace ImageResize.Cli.Terminal;

/// <summary>The number of finished items and their total.</summary>
internal sealed class CountColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.IsIndeterminate ? $"{task.Value:N0}" : $"{task.Value:N0} of {task.MaxValue:N0}");
}
