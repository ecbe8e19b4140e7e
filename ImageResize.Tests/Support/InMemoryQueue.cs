using ImageResize.Core.Jobs;

namespace ImageResize.Tests.Support;

/// <summary>A queue as Azure Storage has it: hidden messages come back, a receipt that is no longer the newest opens nothing.</summary>
internal sealed class InMemoryQueue(TimeProvider clock) : IJobQueue, IDeliveryQueue
{
    private readonly Lock _lock = new();
    private readonly List<Stored> _messages = [];
    private int _receipts;

    /// <summary>The texts that went to the poison queue.</summary>
    public List<string> Poisoned { get; } = [];

    /// <summary>Everything ever put, in order.</summary>
    public List<WorkMessage> Put { get; } = [];

    /// <summary>Thrown by the next put of a message of this kind, which is lost: the process died before it.</summary>
    public (WorkKind Kind, Exception Fault)? NextFault { get; set; }

    /// <summary>Given out so far: one for each delivery and each renewal.</summary>
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

    public Task PutAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (NextFault is { } next && next.Kind == message.Kind)
            {
                NextFault = null;
                throw next.Fault;
            }

            Put.Add(message);
        }

        return PutTextAsync(Convert.ToBase64String(message.ToJson()), delay);
    }

    public Task PutTextAsync(string text, TimeSpan delay)
    {
        lock (_lock)
        {
            _messages.Add(new Stored(Guid.NewGuid().ToString(), text) { VisibleAt = clock.GetUtcNow() + delay });
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Delivery>> ReceiveAsync(int most, TimeSpan hidden, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var taken = _messages.Where(message => message.VisibleAt <= now).Take(most).ToList();
            foreach (var message in taken)
            {
                message.VisibleAt = now + hidden;
                message.Count++;
                message.Receipt = $"r{++_receipts}";
            }

            return Task.FromResult<IReadOnlyList<Delivery>>(
                [.. taken.Select(message => new Delivery(message.Id, message.Text, message.Count) { Receipt = message.Receipt })]);
        }
    }

    public Task<bool> HideAsync(Delivery delivery, TimeSpan hidden, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Find(delivery) is not { } message)
            {
                return Task.FromResult(false);
            }

            message.VisibleAt = clock.GetUtcNow() + hidden;
            delivery.Receipt = message.Receipt = $"r{++_receipts}";

            return Task.FromResult(true);
        }
    }

    public Task DeleteAsync(Delivery delivery, CancellationToken cancellationToken)
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

    public Task MoveToPoisonAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Poisoned.Add(delivery.Text);
        }

        return DeleteAsync(delivery, cancellationToken);
    }

    private Stored? Find(Delivery delivery) =>
        _messages.Find(message => message.Id == delivery.Id && message.Receipt == delivery.Receipt);

    private sealed class Stored(string id, string text)
    {
        public string Id { get; } = id;

        public string Text { get; } = text;

        public DateTimeOffset VisibleAt { get; set; }

        public int Count { get; set; }

        public string Receipt { get; set; } = "";
    }
}
