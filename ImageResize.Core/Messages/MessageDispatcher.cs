using System.Diagnostics;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources.Thumbnails;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Messages;

/// <summary>Processes the messages of the work queues. Both hosts call it for each message.</summary>
public sealed partial class MessageDispatcher(MessageHandlers handlers, MessageRetryPolicy retries, ILogger<MessageDispatcher> logger)
{
    private static readonly ActivitySource Activities = new(WorkMetrics.ActivitySourceName);

    /// <summary>Returns when the message can be deleted. Throws when it must be delivered again.</summary>
    /// <param name="text">The text of the message in the queue.</param>
    /// <param name="dequeueCount">How often the message has been delivered, this time included.</param>
    public async Task ProcessAsync(string text, long dequeueCount, CancellationToken cancellationToken)
    {
        if (MessageText.Find(text) is not { } message)
        {
            LogUnknown(text.Length);
            return;
        }

        using var activity = Activities.StartActivity($"process {NameOf(message)}", ActivityKind.Consumer, message.Trace);
        try
        {
            await handlers.HandleAsync(message, dequeueCount, cancellationToken);
        }
        catch (Exception fault) when (fault is ThumbnailStoreException || !cancellationToken.IsCancellationRequested)
        {
            var decision = await retries.DecideAsync(message, dequeueCount, fault);
            if (decision == RetryDecision.Redeliver)
            {
                throw;
            }

            if (decision == RetryDecision.GiveUp)
            {
                await handlers.GiveUpAsync(message, fault.Message, cancellationToken);
            }
        }
    }

    private static string NameOf(WorkMessage message) => message.GetType().Name.Replace("Message", "", StringComparison.Ordinal);

    [LoggerMessage(LogLevel.Warning, "Dropped a message of {Characters} characters: it was not sent by this program")]
    private partial void LogUnknown(int characters);
}
