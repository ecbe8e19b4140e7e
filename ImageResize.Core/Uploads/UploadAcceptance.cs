using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Quotas;
using ImageResize.Core.Sources.Names;
using ImageResize.Core.Sources.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Uploads;

/// <summary>
/// Checks uploads that callers have sent to storage, by the rules of those that are sent to this program, and then stores them where
/// callers can't change them. Nothing that a caller has stored beside the bytes is trusted.
/// </summary>
internal sealed class UploadAcceptance(
    IPendingUploadStore pending,
    GuardedThumbnailer thumbnailer,
    DailyBytes bytes,
    IOptions<UploadOptions> options,
    IOptions<ImagingOptions> imaging,
    TimeProvider clock) : IPendingUploads
{
    /// <summary>How often an upload is checked that its caller sends again meanwhile.</summary>
    private const int Attempts = 3;

    public async Task<bool> AcceptAsync(UploadId id, CancellationToken cancellationToken)
    {
        // Days before yesterday are dropped, so there is no need to ask storage.
        if (id.Day < DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1))
        {
            return false;
        }

        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await pending.FindAsync(id, cancellationToken) is not { } found)
            {
                return true;
            }

            await using var content = found.Content;
            if (await TryMoveAsync(id, found, cancellationToken))
            {
                return true;
            }
        }

        throw new RefusedException(ErrorCode.SourceUnreachable, "The upload is still being sent. Send it once, then use it.");
    }

    /// <returns>False if something else was sent meanwhile.</returns>
    private async Task<bool> TryMoveAsync(UploadId id, PendingUpload found, CancellationToken cancellationToken)
    {
        bytes.EnsureRoom(CurrentCaller.Name);
        ImageSize size;
        try
        {
            size = await CheckAsync(id, found.Content, cancellationToken);
        }
        catch (SourceChangedException)
        {
            return false;
        }

        var name = (found.Content as INamedImage)?.ImageName;
        var properties = StoredName.AddTo(DirectMark.AddTo(StoredSize.Write(size)), name);
        var result = await pending.MoveAsync(id, found.Version, properties, cancellationToken);
        if (result == MoveResult.Moved)
        {
            bytes.Add(CurrentCaller.Name, found.Content.Length);
        }

        return result != MoveResult.Changed;
    }

    private async Task<ImageSize> CheckAsync(UploadId id, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            if (content.Length == 0)
            {
                throw new RefusedException(ErrorCode.SourceEmpty, "The upload is empty.");
            }

            if (content.Length > options.Value.MaxBytes)
            {
                throw new RefusedException(ErrorCode.SourceTooLarge, $"The upload is larger than {options.Value.MaxBytes} bytes.");
            }

            var size = await thumbnailer.MeasureAsync(content, cancellationToken);
            PixelLimit.Ensure(size, imaging.Value);

            return size;
        }
        catch (RefusedException refusal) when (refusal.RetryAfter is null && refusal.Code != ErrorCode.Busy)
        {
            // Nothing of a refused upload is kept.
            await pending.RemoveAsync(id, CancellationToken.None);
            throw;
        }
    }
}
