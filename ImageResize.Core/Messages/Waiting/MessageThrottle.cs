namespace ImageResize.Core.Messages.Waiting;

/// <summary>Makes messages wait, so that they delay neither messages of other callers nor messages that need not wait.</summary>
public sealed class MessageThrottle(CallerSlots slots, LongWaits longWaits)
{
    /// <returns>
    /// When a message should be delivered instead, because many messages of its caller are waiting here and none has started; else null.
    /// </returns>
    public TimeSpan? FindReturn(SliceMessage message) => slots.FindReturn(message);

    /// <returns>To be disposed of when the message is done, or has been put back; null if the host is stopping.</returns>
    public async Task<MessagePlace?> EnterAsync(SliceMessage message, CancellationToken cancellationToken)
    {
        var wait = message.IsRemote ? longWaits.Begin(message.Priority) : null;
        try
        {
            return new MessagePlace(await slots.TakeAsync(message, cancellationToken), wait);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            wait?.Dispose();

            return null;
        }
    }
}

/// <summary>The place of a message among those that this process works on.</summary>
public sealed class MessagePlace(CallerSlot slot, IDisposable? wait) : IDisposable
{
    /// <summary>Not null if the message got no slot and should be queued again with this delay.</summary>
    public TimeSpan? ReturnsAfter => slot.ReturnsAfter;

    public void Dispose()
    {
        slot.Dispose();
        wait?.Dispose();
    }
}
