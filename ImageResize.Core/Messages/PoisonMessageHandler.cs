using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Messages;

/// <summary>Processes the poison queues, to which a host moves messages that have failed too often: their work is given up.</summary>
public sealed partial class PoisonMessageHandler(MessageHandlers handlers, MessageRetryPolicy retries, ILogger<PoisonMessageHandler> logger)
{
    private const string Reason = "The job failed too often and was given up. Please try again later.";

    /// <summary>Returns when the message can be deleted. Throws when it must be delivered again.</summary>
    /// <param name="text">The text of the message in the queue.</param>
    public async Task GiveUpAsync(string text, CancellationToken cancellationToken)
    {
        if (MessageText.Find(text) is not { } message)
        {
            LogUnknown(text.Length);
            return;
        }

        try
        {
            await handlers.GiveUpAsync(message, Reason, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            if (!await retries.TryDeferPoisonAsync(message, fault))
            {
                throw;
            }
        }
    }

    [LoggerMessage(
        4004,
        LogLevel.Warning,
        "Dropped a poison message of {Characters} characters: it was not sent by this program",
        EventName = "PoisonMessageHandlerUnknown")]
    private partial void LogUnknown(int characters);
}
