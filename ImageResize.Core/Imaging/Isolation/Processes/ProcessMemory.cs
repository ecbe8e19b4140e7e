using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace ImageResize.Core.Imaging.Isolation.Processes;

/// <summary>
/// Reads how much memory a process has in use, by one short read. <see cref="Process.WorkingSet64"/> reads files of each of its threads.
/// </summary>
internal sealed class ProcessMemory(Process process) : IDisposable
{
    /// <summary>Of proc(5): all, resident, shared, and others, in pages.</summary>
    private const int MaxLength = 256;

    private readonly SafeFileHandle? _pages = Open(process.Id);

    /// <returns>Bytes; 0 if the process has ended.</returns>
    public long Read()
    {
        try
        {
            if (_pages is null)
            {
                process.Refresh();

                return process.WorkingSet64;
            }

            Span<byte> text = stackalloc byte[MaxLength];
            text = text[..RandomAccess.Read(_pages, text, fileOffset: 0)];
            var resident = text[(text.IndexOf((byte)' ') + 1)..];

            return Utf8Parser.TryParse(resident, out long pages, out _) ? pages * Environment.SystemPageSize : 0;
        }
        catch (Exception ended) when (ended is IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    public void Dispose() => _pages?.Dispose();

    /// <returns>Null on systems other than Linux, and if the process has ended.</returns>
    private static SafeFileHandle? Open(int process)
    {
        try
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/statm");

            return OperatingSystem.IsLinux() ? File.OpenHandle(path) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
