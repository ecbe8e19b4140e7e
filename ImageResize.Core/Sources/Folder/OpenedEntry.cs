using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using ImageResize.Core.Errors;
using Microsoft.Win32.SafeHandles;

namespace ImageResize.Core.Sources.Folder;

internal enum OpenedKind
{
    File,
    Folder,

    /// <summary>A device, a pipe, a socket.</summary>
    Other,
}

/// <summary>
/// An open file or folder, with its kind and its real path. On Linux, both are read from the open handle (statx, /proc/self/fd), so that it
/// cannot be exchanged in between. Opened with O_NONBLOCK, because opening a pipe could block.
/// </summary>
internal sealed partial class OpenedEntry(SafeFileHandle handle, OpenedKind kind, string realPath) : IDisposable
{
    public SafeFileHandle Handle { get; } = handle;

    public OpenedKind Kind { get; } = kind;

    public string RealPath { get; } = realPath;

    /// <summary>A path to this folder, even if it has been renamed or replaced since.</summary>
    public string PathOfFolder => OperatingSystem.IsLinux() ? $"/proc/self/fd/{Handle.DangerousGetHandle()}" : RealPath;

    /// <exception cref="RefusedException">The file is missing or cannot be read.</exception>
    public static OpenedEntry Open(string path) => OperatingSystem.IsLinux() ? OpenOnLinux(path) : OpenAnywhere(path);

    public void Dispose() => Handle.Dispose();

    private static OpenedEntry OpenOnLinux(string path)
    {
        const int readOnly = 0, noControllingTerminal = 0x100, nonBlocking = 0x800, closeOnExec = 0x80000;
        var descriptor = LinuxOpen(path, readOnly | noControllingTerminal | nonBlocking | closeOnExec);
        if (descriptor < 0)
        {
            throw Refusal(Marshal.GetLastPInvokeError());
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            var link = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget
                ?? throw new IOException("/proc/self/fd does not contain the path of an open file.");

            return new OpenedEntry(handle, KindOf(descriptor), link);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static OpenedKind KindOf(int descriptor)
    {
        // statx(2): the mode is a 16-bit field at offset 28 of the 256-byte structure, on every architecture.
        const int emptyPath = 0x1000, wantType = 1, modeOffset = 28, typeMask = 0xF000, regular = 0x8000, directory = 0x4000;
        Span<byte> answer = stackalloc byte[256];
        if (LinuxStatx(descriptor, "", emptyPath, wantType, ref MemoryMarshal.GetReference(answer)) != 0)
        {
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }

        return (MemoryMarshal.Read<ushort>(answer[modeOffset..]) & typeMask) switch
        {
            regular => OpenedKind.File,
            directory => OpenedKind.Folder,
            _ => OpenedKind.Other,
        };
    }

    private static Exception Refusal(int error)
    {
        const int noPermission = 13, noEntry = 2, noDevice = 6, notAFolder = 20, nameTooLong = 36, tooManyLinks = 40;

        return error switch
        {
            noEntry or notAFolder or nameTooLong or tooManyLinks => NotFound(),
            noPermission => NotReadable(),
            noDevice => new RefusedException(ErrorCode.SourceNotAFile, "The given image path is not a file."),
            _ => new IOException(new Win32Exception(error).Message),
        };
    }

    /// <summary>For systems without /proc: links are resolved before opening. Sufficient for a developer's machine.</summary>
    private static OpenedEntry OpenAnywhere(string path)
    {
        try
        {
            var real = Resolve(path);
            if (Directory.Exists(real))
            {
                return new OpenedEntry(new SafeFileHandle(), OpenedKind.Folder, real);
            }

            var isPlain = (File.GetAttributes(real) & (FileAttributes.Device | FileAttributes.ReparsePoint)) == 0;

            return isPlain
                ? new OpenedEntry(File.OpenHandle(real), OpenedKind.File, real)
                : new OpenedEntry(new SafeFileHandle(), OpenedKind.Other, real);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotFound();
        }
        catch (UnauthorizedAccessException)
        {
            throw NotReadable();
        }
    }

    private static string Resolve(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var root = Path.GetPathRoot(full)!;
        var real = new StringBuilder(root);
        foreach (var name in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real.ToString(), name);
            var target = new FileInfo(next).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next;
            real.Clear().Append(target);
        }

        return real.ToString();
    }

    private static RefusedException NotFound() => new(ErrorCode.SourceNotFound, "Image file does not exist.");

    private static RefusedException NotReadable() =>
        new(ErrorCode.SourceNotAllowed, "The image file may not be read: no permission.");

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int LinuxOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int LinuxStatx(int descriptor, string path, int flags, uint mask, ref byte answer);
}
