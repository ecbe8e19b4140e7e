using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace ImageResize.Fuzzing.Engine;

/// <summary>
/// Keeps the current input in a mapped file, which outlives a process that crashes, and ends the process when an input takes too long.
/// </summary>
internal sealed class InputWatch : IDisposable
{
    /// <summary>The exit code of a process that an input has kept busy.</summary>
    public const int HangCode = 3;

    private const int Capacity = 1 << 20;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly string _findings;
    private readonly Timer _timer;
    private long _startedAt;

    /// <param name="current">The file with the current input.</param>
    /// <param name="findings">The folder to which findings are written.</param>
    public InputWatch(string current, string findings)
    {
        _file = MemoryMappedFile.CreateFromFile(current, FileMode.Create, null, Capacity);
        _view = _file.CreateViewAccessor();
        _findings = findings;
        _timer = new Timer(_ => Check(), null, Hang, TimeSpan.FromSeconds(1));
    }

    /// <returns>The input of a process that has ended.</returns>
    public static byte[] Read(string current)
    {
        var bytes = File.ReadAllBytes(current);

        return bytes.AsSpan(sizeof(int), BitConverter.ToInt32(bytes)).ToArray();
    }

    public void Begin(byte[] input)
    {
        _view.Write(0, input.Length);
        _view.WriteArray(sizeof(int), input, 0, input.Length);
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
    }

    public void End() => Volatile.Write(ref _startedAt, 0);

    public void Report(Finding finding) => Console.WriteLine($"{finding.Kind}: {finding.Write(_findings)}");

    public void Dispose()
    {
        _timer.Dispose();
        _view.Dispose();
        _file.Dispose();
    }

    private void Check()
    {
        if (Volatile.Read(ref _startedAt) is not 0 and var started && Stopwatch.GetElapsedTime(started) > Hang)
        {
            Environment.Exit(HangCode);
        }
    }
}
