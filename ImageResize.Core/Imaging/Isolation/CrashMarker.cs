using System.IO.MemoryMappedFiles;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// Tells the next process if this one crashed while it processed images: three crashes within half an hour stop a Functions host
/// permanently. The marker is a few bytes of a memory-mapped file, which outlive the process and cost an image nothing.
/// </summary>
public sealed partial class CrashMarker : IDisposable
{
    /// <summary>Longer than a Functions host remembers a crash of its handler.</summary>
    internal static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    // Positions in the file.
    private const int ProcessingAt = 0;
    private const int CrashTimeAt = sizeof(long);
    private const int OwnerAt = 2 * sizeof(long);
    private const int Length = 3 * sizeof(long);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ILogger<CrashMarker> _logger;
    private readonly MemoryMappedViewAccessor? _file;
    private readonly long _crashTime;
    private readonly long _owner = Random.Shared.NextInt64();

    /// <param name="path">The same for each start of this program, and different for any other program.</param>
    public CrashMarker(string path, TimeProvider clock, ILogger<CrashMarker> logger)
    {
        (_path, _clock, _logger) = (path, clock, logger);
        try
        {
            using var file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, Length);
            _file = file.CreateViewAccessor(0, Length);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            LogUnusable(path, unusable.Message);
            return;
        }

        if (_file.ReadInt64(ProcessingAt) != 0)
        {
            LogCrashed(Retention.TotalMinutes);
            _file.Write(CrashTimeAt, _clock.GetUtcNow().ToUnixTimeSeconds());
            _file.Write(ProcessingAt, 0L);
        }

        _crashTime = _file.ReadInt64(CrashTimeAt);
        _file.Write(OwnerAt, _owner);
    }

    /// <summary>Whether the last crash is so recent that images have to be decoded in child processes.</summary>
    public bool IsRecent => Math.Abs(_clock.GetUtcNow().ToUnixTimeSeconds() - (double)_crashTime) < Retention.TotalSeconds;

    /// <param name="isProcessing">Whether this process is processing images.</param>
    public void Write(bool isProcessing)
    {
        if (_file is { CanWrite: true })
        {
            _file.Write(ProcessingAt, isProcessing ? 1L : 0L);
        }
    }

    /// <summary>Removes the file if there was no crash, unless another process has opened it meanwhile.</summary>
    public void Dispose()
    {
        if (_file is not { CanRead: true })
        {
            return;
        }

        var isUnused = _file.ReadInt64(ProcessingAt) == 0 && _file.ReadInt64(OwnerAt) == _owner && !IsRecent;
        _file.Dispose();
        if (isUnused)
        {
            RemoveFile();
        }
    }

    private void RemoveFile()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
            // The next start uses it again.
        }
    }

    [LoggerMessage(
        11001,
        LogLevel.Warning,
        "The program crashed while it processed images. For {Minutes} minutes, images are decoded in child processes.",
        EventName = "CrashMarkerCrashed")]
    private partial void LogCrashed(double minutes);

    [LoggerMessage(11002, LogLevel.Warning, "Crashes cannot be recorded in {Path}: {Reason}", EventName = "CrashMarkerUnusable")]
    private partial void LogUnusable(string path, string reason);
}
