using ImageResize.Core.Messages;

namespace ImageResize.Tests.Support.InMemory;

/// <summary>Behaves as an Azure Storage queue: hidden messages become visible again, and only the latest receipt is valid.</summary>
internal sealed class InMemoryQueue(TimeProvider clock) : IMessageQueue, IMessageReceiver
{
    private readonly Lock _lock = new();
    private readonly List<Stored> _messages = [];
    private int _receipts;

    /// <summary>The texts that were moved to the poison queue.</summary>
    public List<string> Poisoned { get; } = [];

    /// <summary>All messages ever sent, in order.</summary>
    public List<WorkMessage> Sent { get; } = [];

    /// <summary>Thrown when the next message of this type is sent, as if the process had crashed before it. The message is lost.</summary>
    public (Type Message, Exception Fault)? NextFault { get; set; }

    /// <summary>The number of receipts given out: one for each delivery and each renewal.</summary>
    public int Receipts => Volatile.Read(ref _receipts);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    public Task SendAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (NextFault is { } next && next.Message == message.GetType())
            {
                NextFault = null;
                throw next.Fault;
            }

            Sent.Add(message);
        }

        return SendTextAsync(MessageText.Encode(message), delay);
    }

    public Task SendTextAsync(string text, TimeSpan delay)
    {
        lock (_lock)
        {
            _messages.Add(new Stored(Guid.NewGuid().ToString(), text) { VisibleAt = clock.GetUtcNow() + delay });
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(
        int maxMessages,
        TimeSpan visibilityTimeout,
        CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var taken = _messages.Where(message => message.VisibleAt <= now).Take(maxMessages).ToList();
            foreach (var message in taken)
            {
                message.VisibleAt = now + visibilityTimeout;
                message.Count++;
                message.PopReceipt = $"r{++_receipts}";
            }

            return Task.FromResult<IReadOnlyList<ReceivedMessage>>(
                [.. taken.Select(message => message.ToReceived())]);
        }
    }

    public Task<bool> HideAsync(ReceivedMessage delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Find(delivery) is not { } message)
            {
                return Task.FromResult(false);
            }

            message.VisibleAt = clock.GetUtcNow() + visibilityTimeout;
            delivery.PopReceipt = message.PopReceipt = $"r{++_receipts}";

            return Task.FromResult(true);
        }
    }

    public Task DeleteAsync(ReceivedMessage delivery, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Find(delivery) is { } message)
            {
                _messages.Remove(message);
            }
        }

        return Task.CompletedTask;
    }

    public Task MoveToPoisonAsync(ReceivedMessage delivery, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Poisoned.Add(delivery.Text);
        }

        return DeleteAsync(delivery, cancellationToken);
    }

    private Stored? Find(ReceivedMessage delivery) =>
        _messages.Find(message => message.Id == delivery.Id && message.PopReceipt == delivery.PopReceipt);

    private sealed class Stored(string id, string text)
    {
        public string Id { get; } = id;

        public string Text { get; } = text;

        public DateTimeOffset VisibleAt { get; set; }

        public int Count { get; set; }

        public string PopReceipt { get; set; } = "";

        public ReceivedMessage ToReceived() => new(Id, Text, Count) { PopReceipt = PopReceipt };
    }
}
