using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Sandbox;

/// <summary>What a child process in the sandbox can read: the runtime, the program's code, and what .NET reads of the system.</summary>
/// <param name="Programs">Folders of which all can be read and executed.</param>
/// <param name="ProgramFiles">Files that can be read and executed.</param>
/// <param name="SystemFolders">Folders of which all can be read.</param>
/// <param name="SystemFiles">Files that can be read.</param>
internal sealed record LandlockPaths(
    IReadOnlyList<string> Programs,
    IReadOnlyList<string> ProgramFiles,
    IReadOnlyList<string> SystemFolders,
    IReadOnlyList<string> SystemFiles)
{
    private static readonly string[] Libraries = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"];

    public static LandlockPaths OfThisProgram()
    {
        var runtime = FindSharedRuntime();

        return new LandlockPaths(
            runtime is null ? Libraries : [.. Libraries, runtime],
            [.. FindProgramFiles().Where(file => runtime is null || !file.StartsWith(runtime, StringComparison.Ordinal))],
            ["/proc/self/", "/sys/fs/cgroup", "/sys/devices/system", "/sys/kernel/mm", "/proc/sys/vm"],
            [
                "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/filesystems", "/proc/version", "/dev/urandom", "/dev/random",
                "/dev/zero", "/etc/ld.so.cache",
            ]);
    }

    /// <returns>The folder that contains <c>dotnet</c>; null if the runtime is part of the program.</returns>
    public static string? FindSharedRuntime()
    {
        // .../dotnet/shared/Microsoft.NETCore.App/10.0.0/
        var version = new DirectoryInfo(Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()));

        return version.Parent?.Parent is { Name: "shared", Parent: { } dotnet } ? dotnet.FullName + Path.DirectorySeparatorChar : null;
    }

    /// <summary>Single files, because settings with secrets can be in the program's folder.</summary>
    private static IEnumerable<string> FindProgramFiles()
    {
        var folder = AppContext.BaseDirectory;
        string[] libraries = [folder, .. Split("NATIVE_DLL_SEARCH_DIRECTORIES")];
        string[] settings = ["*.deps.json", "*.runtimeconfig.json"];

        return
        [
            Environment.ProcessPath!,
            .. Split("TRUSTED_PLATFORM_ASSEMBLIES"),
            .. libraries.Distinct().Where(Directory.Exists).SelectMany(place => Directory.EnumerateFiles(place, "*.so*")),
            .. settings.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)),
        ];
    }

    private static string[] Split(string name) =>
        (AppContext.GetData(name) as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
