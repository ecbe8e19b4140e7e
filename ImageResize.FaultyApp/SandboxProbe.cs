using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace ImageResize.FaultyApp;

/// <summary>
/// Tries what an image that has taken over its decoder would try. The image has the mark and the name of a probe at its end.
/// </summary>
internal static unsafe partial class SandboxProbe
{
    private const string Mark = "probe: ";
    private const int NoFlags = 0;
    private const int CreateAndWrite = 0x41;
    private const int Seize = 0x4206;
    private const int SetParentDeathSignal = 1;
    private const int DataLimit = 2;

    /// <summary>How much memory is asked for, without using it.</summary>
    private const long Enough = 4_000_000_000;

    public static string Allowed => "allowed";

    public static byte[] Image(byte[] image, string probe) => [.. image, .. Encoding.UTF8.GetBytes(Mark + probe)];

    /// <returns>Null if the image has no probe.</returns>
    public static string? Run(ReadOnlySpan<byte> image)
    {
        var at = image.LastIndexOf(Encoding.UTF8.GetBytes(Mark));

        return at < 0 ? null : Run(Encoding.UTF8.GetString(image[(at + Mark.Length)..]).Split(' '));
    }

    private static string Run(string[] probe) => probe switch
    {
        ["socket", var family] => Of(Socket(int.Parse(family), 1, 0)),
        ["resolve"] => Resolve(),
        ["exec", var program] => Execute(program),
        ["fork"] => Fork(),
        ["read", var path] => Of(Open(path, NoFlags, 0)),
        ["write", var path] => Of(Open(path, CreateAndWrite, 0x1B6)),
        ["remove", var path] => Of(Unlink(path)),
        ["signal", var process] => Of(Kill(int.Parse(process), 0)),
        ["trace", var process] => Of(Trace(Seize, int.Parse(process), 0, 0)),
        ["survive"] => Of(ControlProcess(SetParentDeathSignal, 0)),
        ["memory"] => Allocate(),
        ["limit"] => RaiseLimit(),
        ["log"] => File.ResolveLinkTarget("/proc/self/fd/2", returnFinalTarget: false)?.FullName == "/dev/null" ? "nowhere" : Allowed,
        ["thread"] => StartThread(),
        _ => throw new ArgumentException("Unknown probe: " + string.Join(' ', probe)),
    };

    private static string Of(long result) =>
        result >= 0 ? Allowed : Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    private static string Resolve()
    {
        try
        {
            return Dns.GetHostAddresses("localhost").Length > 0 ? Allowed : "no address";
        }
        catch (Exception failure)
        {
            return failure.GetType().Name;
        }
    }

    private static string Execute(string program)
    {
        var path = Marshal.StringToCoTaskMemUTF8(program);
        nint* arguments = stackalloc nint[] { path, 0 };
        var error = Spawn(out _, program, 0, 0, arguments, arguments + 1);

        return error == 0 ? Allowed : Marshal.GetPInvokeErrorMessage(error);
    }

    private static string Fork()
    {
        var child = ForkProcess();
        if (child == 0)
        {
            ExitNow(0);
        }

        return Of(child);
    }

    /// <summary>Memory that is not used costs nothing.</summary>
    private static string Allocate()
    {
        const int Chunk = 64 << 20;
        for (var all = 0L; all < Enough; all += Chunk)
        {
            if (Allocate(Chunk) == 0)
            {
                return "out of memory";
            }
        }

        return Allowed;
    }

    private static string RaiseLimit()
    {
        var unlimited = stackalloc ulong[] { ulong.MaxValue, ulong.MaxValue };

        return Of(SetLimit(DataLimit, unlimited));
    }

    private static string StartThread()
    {
        var result = "not run";
        var thread = new Thread(() => result = Allowed);
        thread.Start();
        thread.Join();

        return result;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static partial nint Trace(nint request, nint process, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ControlProcess(int option, nuint value);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ulong* limit);

    [LibraryImport("libc", EntryPoint = "malloc")]
    private static partial nint Allocate(nuint length);

    [LibraryImport("libc", EntryPoint = "fork", SetLastError = true)]
    private static partial int ForkProcess();

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int process, string path, nint actions, nint attributes, nint* arguments, nint* environment);
}
