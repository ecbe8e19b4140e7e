using System.Runtime.InteropServices;

namespace ImageResize.Core.Imaging.Isolation.Sandbox;

/// <summary>
/// The kernel's Landlock, which limits the files that a thread, and every process that it becomes or starts, can open
/// (https://docs.kernel.org/userspace-api/landlock.html).
/// </summary>
internal static unsafe class Landlock
{
    private const ulong Execute = 1 << 0;
    private const ulong WriteFile = 1 << 1;
    private const ulong ReadFile = 1 << 2;
    private const ulong ReadFolder = 1 << 3;

    private const int GetVersion = 1;
    private const int PathRule = 1;
    private const int OpenPath = 0x200000;
    private const int CloseOnExec = 0x80000;

    /// <summary>The rights and the size of the kernel's structure that each version has added.</summary>
    private static readonly (int Version, ulong Rights, int Size)[] Versions =
        [(1, 0x1FFF, 8), (2, 1 << 13, 8), (3, 1 << 14, 8), (4, 0, 16), (5, 1 << 15, 16), (6, 0, 24)];

    /// <summary>0 or less if the kernel has none.</summary>
    public static int Version { get; } =
        OperatingSystem.IsLinux() ? (int)SystemCall.Invoke(SystemCall.CreateRuleset, 0, null, GetVersion, 0) : 0;

    /// <summary>Forbids this thread, and what it becomes or starts, everything that is not allowed here: all rights that exist.</summary>
    /// <exception cref="IOException">The kernel refuses it.</exception>
    public static void Restrict(LandlockPaths paths)
    {
        var known = Versions.Where(version => version.Version <= Version).ToList();
        var rights = known.Aggregate(0UL, (all, version) => all | version.Rights);
        var attributes = new RulesetAttributes
        {
            Files = rights,
            Network = 0b11, // binding and connecting of TCP
            Scopes = 0b11, // abstract Unix sockets, and signals to other processes
        };
        var ruleset = (int)SystemCall.Check(SystemCall.Invoke(
            SystemCall.CreateRuleset, (nint)(&attributes), (void*)known.Max(version => version.Size), 0, 0), "landlock_create_ruleset");
        foreach (var folder in paths.Programs)
        {
            Allow(ruleset, folder, Execute | ReadFile | ReadFolder);
        }

        foreach (var file in paths.ProgramFiles)
        {
            Allow(ruleset, file, Execute | ReadFile);
        }

        foreach (var folder in paths.SystemFolders)
        {
            Allow(ruleset, folder, ReadFile | ReadFolder);
        }

        foreach (var file in paths.SystemFiles)
        {
            Allow(ruleset, file, ReadFile);
        }

        Allow(ruleset, "/dev/null", ReadFile | WriteFile);
        SystemCall.Check(SystemCall.Invoke(SystemCall.RestrictSelf, ruleset, null, 0, 0), "landlock_restrict_self");
        _ = SystemCall.Close(ruleset);
    }

    private static void Allow(int ruleset, string path, ulong rights)
    {
        var file = SystemCall.Open(path, OpenPath | CloseOnExec);
        if (file < 0)
        {
            // Does not exist on this system.
            return;
        }

        var rule = new PathRuleAttributes { Rights = rights, Parent = file };
        SystemCall.Check(SystemCall.Invoke(SystemCall.AddRule, ruleset, (void*)PathRule, (nint)(&rule), 0), "landlock_add_rule");
        _ = SystemCall.Close(file);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct RulesetAttributes
    {
        public ulong Files;
        public ulong Network;
        public ulong Scopes;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct PathRuleAttributes
    {
        public ulong Rights;
        public int Parent;
    }
}
