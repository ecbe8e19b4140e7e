using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>How this program starts itself as a child.</summary>
public sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>What the runtime needs of our environment; all else stays here, the storage account's key first of all.</summary>
    private static readonly string[] Inherited =
    [
        "PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64",
        "SystemRoot", "windir", "SystemDrive",
    ];

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

    /// <exception cref="IOException">There is no such program, or no more processes.</exception>
    internal Process Start(ChildLimits bounds)
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            CreateNoWindow = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        var ours = Inherited.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(one => one.Value is not null).ToList();
        start.Environment.Clear();
        ours.ForEach(one => start.Environment[one.Name] = one.Value);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        start.Environment["DOTNET_GCHeapHardLimit"] = bounds.Memory.ToString("x", CultureInfo.InvariantCulture);

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new IOException("The child process for pictures cannot be started.", failure);
        }
    }
}
