using Spectre.Console;
using Spectre.Console.Rendering;

namespace ImageResize.Cli.Terminal;

/// <summary>The title of the work. It has the same width in each display, so that the bars are aligned.</summary>
internal sealed class TitleColumn : ProgressColumn
{
    private const int Width = 24;

    protected override bool NoWrap => true;

    public override int? GetColumnWidth(RenderOptions options) => Width;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Markup(task.Description);
}
