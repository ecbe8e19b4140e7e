using Spectre.Console;
using Spectre.Console.Rendering;

namespace ImageResize.Cli.Terminal;

/// <summary>Images per second, recently.</summary>
internal sealed class RateColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(task.Speed is > 0 and < double.MaxValue ? $"{task.Speed:N0}/s" : "", new Style(Color.Green));
}
