using System.IO.MemoryMappedFiles;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Imaging.Isolation;

/// <summary>
/// Tells the next process when this one has died while pictures were at work in it: three such deaths within half an hour stop a Functions
/// host for good. The note is a few bytes of a file in memory, which outlive the process and cost a picture nothing.
/// </summary>
public sealed partial class CrashMarker : IDisposable
{
    /// <summary>Longer than a Functions host remembers an exit of its handler.</summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private const int AreAtWork = 0;
    private const int DiedAt = sizeof(long);
    private const int Owner = 2 * sizeof(long);
    private const int Length = 3 * sizeof(long);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ILogger<CrashMarker> _logger;
    private readonly MemoryMappedViewAccessor? _note;
    private readonly long _died;
    private readonly long _self = Random.Shared.NextInt64();

    /// <param name="path">The same for each start of the program, and for no other program.</param>
    public CrashMarker(string path, TimeProvider clock, ILogger<CrashMarker> logger)
    {
        (_path, _clock, _logger) = (path, clock, logger);
        try
        {
            using var file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, mapName: null, Length);
            _note = file.CreateViewAccessor(0, Length);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            LogUnusable(path, unusable.Message);
            return;
        }

        if (_note.ReadInt64(AreAtWork) != 0)
        {
            LogDied(Remembered.TotalMinutes);
            _note.Write(DiedAt, _clock.GetUtcNow().ToUnixTimeSeconds());
            _note.Write(AreAtWork, 0L);
        }

        _died = _note.ReadInt64(DiedAt);
        _note.Write(Owner, _self);
    }

    /// <summary>Whether pictures belong in children, for that death is not long ago.</summary>
    public bool IsRecent => Math.Abs(_clock.GetUtcNow().ToUnixTimeSeconds() - (double)_died) < Remembered.TotalSeconds;

    public void Write(bool areAtWork)
    {
        if (_note is { CanWrite: true })
        {
            _note.Write(AreAtWork, areAtWork ? 1L : 0L);
        }
    }

    /// <summary>Who ends well and has no death to tell of leaves no file behind, unless another has begun with it meanwhile.</summary>
    public void Dispose()
    {
        if (_note is not { CanRead: true })
        {
            return;
        }

        var saysNothing = _note.ReadInt64(AreAtWork) == 0 && _note.ReadInt64(Owner) == _self && !IsRecent;
        _note.Dispose();
        if (saysNothing)
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
            // It is taken over by the next start.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The program has died while pictures were at work in it: for {Minutes} minutes they are worked on in child processes")]
    private partial void LogDied(double minutes);

    [LoggerMessage(LogLevel.Warning, "No note of this program's death can be kept in {Path}: {Reason}")]
    private partial void LogUnusable(string path, string reason);
}
