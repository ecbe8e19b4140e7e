namespace ImageResize.Core.Imaging.Isolation;

/// <summary>How this program starts itself as a child.</summary>
public sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <param name="program">The managed program, as its .dll; where there is none (a single file), this process's own executable.</param>
    /// <param name="argument">What makes it a child.</param>
    public static ChildCommand Of(string program, string argument)
    {
        var here = Environment.ProcessPath!;
        if (program.Length == 0)
        {
            return new ChildCommand(here, [argument]);
        }

        // Started by dotnet, by its own executable, or inside another program, as tests do it.
        var isDotnet = Path.GetFileNameWithoutExtension(here).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var executable = Path.ChangeExtension(program, OperatingSystem.IsWindows() ? ".exe" : null);

        return isDotnet || !File.Exists(executable)
            ? new ChildCommand(isDotnet ? here : "dotnet", [program, argument])
            : new ChildCommand(executable, [argument]);
    }
}
