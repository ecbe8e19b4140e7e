using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Memory;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs.Direct;

/// <summary>
/// Makes a thumbnail, or measures, while the caller waits. Nothing is queued or stored. Shares cores and memory with jobs, at the priority
/// of single jobs.
/// </summary>
public sealed class DirectWork(SourceReader sources, GuardedThumbnailer thumbnailer, IOptions<DirectOptions> options, TimeProvider clock)
{
    /// <param name="body">The image; null if <paramref name="source"/> names it.</param>
    /// <param name="caller">Null for a developer without a key.</param>
    /// <exception cref="RefusedException">The source or the image is refused, or it took too long.</exception>
    public Task<DirectResult> MakeThumbnailAsync(
        SourceUri? source, Stream? body, ThumbnailSpec spec, string? caller, CancellationToken cancellationToken) =>
        LimitAsync(token => MakeAsync(source, body, spec, caller, token), cancellationToken);

    /// <summary>Reads only as much of a source as its header takes.</summary>
    /// <inheritdoc cref="MakeThumbnailAsync"/>
    public Task<ImageSize> MeasureAsync(SourceUri? source, Stream? body, CancellationToken cancellationToken) =>
        LimitAsync(token => MeasureHeaderAsync(source, body, token), cancellationToken);

    private async Task<DirectResult> MakeAsync(
        SourceUri? source, Stream? body, ThumbnailSpec spec, string? caller, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var turn = new MemoryTurn(caller ?? "");
        using var bytes = source is { } named
            ? await sources.ReadAsync(named, turn, cancellationToken)
            : await sources.ReadAsync(body!, turn, cancellationToken);
        var read = clock.GetTimestamp();
        var priority = thumbnailer.TakePriority(isUrgent: true) with { Caller = caller ?? "" };
        var done = await thumbnailer.MakeContainedAsync(bytes.Bytes, new ImageWork(Measure: true, [spec]), priority, cancellationToken);

        return new DirectResult(done.Size!, done.Thumbnails[0], clock.GetElapsedTime(started, read), clock.GetElapsedTime(read));
    }

    private async Task<ImageSize> MeasureHeaderAsync(SourceUri? source, Stream? body, CancellationToken cancellationToken)
    {
        if (source is not { } named)
        {
            return await thumbnailer.MeasureAsync(body!, cancellationToken);
        }

        await using var stream = await sources.OpenAsync(named, cancellationToken);

        return await thumbnailer.MeasureAsync(stream, cancellationToken);
    }

    private async Task<T> LimitAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.TimeoutSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw DirectRequestLimit.Busy($"Not finished within {options.Value.TimeoutSeconds} seconds. Try again, or submit a job.");
        }
    }
}

/// <param name="Source">Size and format of the source.</param>
/// <param name="Reading">How long reading the source took, waiting for memory included.</param>
/// <param name="Making">How long the thumbnail took, waiting for a core included.</param>
public sealed record DirectResult(ImageSize Source, Thumbnail Thumbnail, TimeSpan Reading, TimeSpan Making);
