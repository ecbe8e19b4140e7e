using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ImageResize.Core.Imaging.Isolation.Processes;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>The command that starts this program as a child process.</summary>
public sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Environment variables that the runtime needs. No others are passed on, above all not the storage account's key.</summary>
    private static readonly string[] Inherited =
    [
        "PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64",
        "SystemRoot", "windir", "SystemDrive",
    ];

    /// <param name="program">The path of the program's .dll; empty for a single-file program, whose executable is this process's.</param>
    /// <param name="argument">Makes the program a child process.</param>
    public static ChildCommand For(string program, string argument)
    {
        var current = Environment.ProcessPath!;
        if (program.Length == 0)
        {
            return new ChildCommand(current, [argument]);
        }

        // This process was started by dotnet, by its own executable, or by another program, as in tests.
        var isDotnet = Path.GetFileNameWithoutExtension(current).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var executable = Path.ChangeExtension(program, OperatingSystem.IsWindows() ? ".exe" : null);

        return isDotnet || !File.Exists(executable)
            ? new ChildCommand(isDotnet ? current : "dotnet", [program, argument])
            : new ChildCommand(executable, [argument]);
    }

    /// <exception cref="IOException">The program does not exist, or the system has no more processes.</exception>
    internal Process Start(ChildLimits limits, ChildMode mode, int sharedSource)
    {
        var child = new ChildArguments(mode, Environment.ProcessId, sharedSource);
        var start = new ProcessStartInfo(Program, [.. Arguments, .. child.ToList()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            CreateNoWindow = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        start.Environment["DOTNET_GCHeapHardLimit"] = limits.Memory.ToString("x", CultureInfo.InvariantCulture);

        try
        {
            var process = Process.Start(start)!;
            BackgroundPriority.Lower(process);
            return process;
        }
        catch (Win32Exception failure)
        {
            throw new IOException("The child process that decodes images cannot be started.", failure);
        }
    }
}
