namespace ImageResize.Core.Jobs;

/// <summary>A queue seen from the side that works on it, with the promises of Azure Storage queues: at least once, in no strict order.</summary>
public interface IDeliveryQueue
{
    /// <summary>Takes up to <paramref name="most"/> messages and hides them from others for a while.</summary>
    Task<IReadOnlyList<Delivery>> ReceiveAsync(int most, TimeSpan hidden, CancellationToken cancellationToken);

    /// <summary>Hides a message for a while from now on.</summary>
    /// <returns>Whether it was still ours.</returns>
    Task<bool> HideAsync(Delivery delivery, TimeSpan hidden, CancellationToken cancellationToken);

    /// <summary>The work is done. A message that is no longer ours is left to whoever has it.</summary>
    Task DeleteAsync(Delivery delivery, CancellationToken cancellationToken);

    /// <summary>Moves a message to the poison queue: copied there first, so that it is never lost between the two.</summary>
    Task MoveToPoisonAsync(Delivery delivery, CancellationToken cancellationToken);
}

/// <summary>A message handed out once.</summary>
/// <param name="Text">As it lies on the queue: base64.</param>
/// <param name="Count">How often it has been handed out, this time included.</param>
public sealed record Delivery(string Id, string Text, long Count)
{
    /// <summary>Proof that the message is ours; a new one with every renewal.</summary>
    public required string Receipt { get; set; }

    /// <summary>Null when the text is not base64.</summary>
    public byte[]? FindBody()
    {
        var bytes = new byte[Text.Length];

        return Convert.TryFromBase64String(Text, bytes, out var length) ? bytes[..length] : null;
    }
}
