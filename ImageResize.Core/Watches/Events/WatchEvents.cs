using ImageResize.Core.Errors;
using ImageResize.Core.Messages;
using ImageResize.Core.Sources;
using ImageResize.Core.Watches.Settings;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Watches.Events;

/// <summary>
/// Submits the images that events announce. Events arrive one by one, so further ones are taken from the queue, and become batches
/// together. Those are deleted when their images are claimed; if the process ends before, they come back, and claimed images are skipped.
/// </summary>
public sealed partial class WatchEvents(
    EventQueue queue, WatchList watches, WatchRun run, SourceReader sources, ILogger<WatchEvents> logger)
{
    private const int MaxMessages = 2_000;
    private const int MessagesAtOnce = 32;

    /// <summary>Longer than a function may run.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(6);

    /// <summary>Processes a message that was received, and those that follow it.</summary>
    public Task ProcessAsync(string message, CancellationToken cancellationToken) => ProcessAsync([message], cancellationToken);

    /// <summary>Processes the messages of the queue.</summary>
    /// <returns>Whether there were any.</returns>
    public Task<bool> ProcessAllAsync(CancellationToken cancellationToken) => ProcessAsync([], cancellationToken);

    private async Task<bool> ProcessAsync(List<string> messages, CancellationToken cancellationToken)
    {
        var received = new List<ReceivedMessage>();
        while (received.Count < MaxMessages)
        {
            var next = await queue.Messages.ReceiveAsync(MessagesAtOnce, Lease, cancellationToken);
            received.AddRange(next);
            if (next.Count < MessagesAtOnce)
            {
                break;
            }
        }

        await SubmitAsync([.. messages, .. received.Select(message => message.Text)], cancellationToken);
        await Parallel.ForEachAsync(
            received, cancellationToken, async (message, token) => await queue.Messages.DeleteAsync(message, token));

        return received.Count > 0;
    }

    private async Task SubmitAsync(IReadOnlyList<string> messages, CancellationToken cancellationToken)
    {
        var events = messages.SelectMany(Read).ToList();
        foreach (var watch in watches.All)
        {
            List<ListedImage> found = [.. events.Select(blob => FindImage(watch, blob)).OfType<ListedImage>()];
            if (found.Count > 0)
            {
                await run.SubmitAsync(watch, found, cancellationToken);
            }
        }
    }

    private IReadOnlyList<BlobEvent> Read(string message)
    {
        var events = BlobEvent.Parse(message, queue.BlobEndpoint);
        if (events is null or [])
        {
            LogIgnored(message.Length);
        }

        return events ?? [];
    }

    /// <returns>Null if the watch does not list the blob.</returns>
    private ListedImage? FindImage(Watch watch, BlobEvent blob)
    {
        try
        {
            var image = sources.Normalize($"blob://{blob.Container}/{blob.Name}");

            return sources.GetFolderSource(watch.Source).CanContain(watch.Source, image, blob.ContentType)
                ? new ListedImage(image, blob.Version)
                : null;
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    [LoggerMessage(
        13101,
        LogLevel.Warning,
        "Ignored a message of {Characters} characters: no event of a new blob in this storage account",
        EventName = "WatchEventsIgnored")]
    private partial void LogIgnored(int characters);
}
