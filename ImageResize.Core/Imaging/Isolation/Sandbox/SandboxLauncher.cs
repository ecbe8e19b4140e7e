using System.Globalization;
using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Sandbox;

/// <summary>
/// The first half of the start of a child process: limits itself, and then becomes the process that decodes. The limits bind the threads
/// of that process from its first instruction; a process that has threads already can't be limited as a whole.
/// </summary>
internal static unsafe partial class SandboxLauncher
{
    private const int SetNoNewPrivileges = 38;
    private const uint CapabilityVersion = 0x20080522;
    private const int OpenFilesLimit = 7;
    private const int CoreFileLimit = 4;

    /// <summary>Variables of the runtime that the parent sets or passes on.</summary>
    private static readonly string[] Kept = ["DOTNET_", "MALLOC_ARENA_MAX", "LD_LIBRARY_PATH"];

    /// <param name="lastArguments">Replace the last arguments of this process. The others and open files are kept.</param>
    /// <returns>The exit code, if the process that decodes cannot be started.</returns>
    public static int Run(IReadOnlyList<string> lastArguments)
    {
        try
        {
            var command = GetCommand(lastArguments);
            var environment = GetEnvironment();
            var program = Environment.ProcessPath!;
            var paths = LandlockPaths.OfThisProgram();
            SystemCall.Check(SystemCall.ControlProcess(SetNoNewPrivileges, 1, 0, 0, 0), "prctl");
            DropCapabilities();
            ProcessLimit.Set(CoreFileLimit, 0);
            ProcessLimit.Set(OpenFilesLimit, 256);
            Landlock.Restrict(paths);
            SystemCall.Check(Execute(program, command, environment), "execve");

            return 1;
        }
        catch (IOException failure)
        {
            Console.Error.WriteLine(failure.Message);

            return 1;
        }
    }

    private static string?[] GetCommand(IReadOnlyList<string> lastArguments)
    {
        var current = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');

        return [.. current[..^lastArguments.Count], .. lastArguments, null];
    }

    private static string?[] GetEnvironment()
    {
        var variables = new List<string?>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (Array.Exists(Kept, kept => name.StartsWith(kept, StringComparison.Ordinal)))
            {
                variables.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={variable.Value}"));
            }
        }

        if (LandlockPaths.FindSharedRuntime() is { } runtime)
        {
            variables.Add("DOTNET_ROOT=" + runtime);
        }

        return [.. variables.Distinct(), null];
    }

    /// <summary>Otherwise a process of root could read what only root can, such as the memory of the kernel.</summary>
    private static void DropCapabilities()
    {
        var header = stackalloc uint[] { CapabilityVersion, 0 };
        var none = stackalloc uint[6];
        SystemCall.Check(SystemCall.Invoke(SystemCall.SetCapabilities, (nint)header, none, 0, 0), "capset");
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] arguments, string?[] environment);
}
