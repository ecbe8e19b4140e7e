namespace ImageResize.Core.Messages;

/// <summary>
/// Limits how many messages of one caller and priority this process works on at once. Further messages of the caller wait here, without
/// memory and threads, while those of other callers go ahead: one caller's slow sources delay only its own work.
/// </summary>
/// <param name="slots">As many as the Functions host delivers at once with host.json, so that nothing waits there.</param>
public sealed class CallerSlots(int slots = CallerSlots.Default)
{
    /// <summary>The batch size and the new batch threshold of host.json.</summary>
    public const int Default = 6;

    private readonly Dictionary<(string Caller, MessagePriority Priority), Line> _lines = [];

    /// <returns>To be disposed of when the message is done.</returns>
    public async Task<IDisposable> TakeAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        var key = (message.Caller ?? "", message.Priority);
        var slot = new Slot(this, key);
        try
        {
            await Enter(key).WaitAsync(cancellationToken);
            slot.IsTaken = true;

            return slot;
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    private SemaphoreSlim Enter((string, MessagePriority) key)
    {
        lock (_lines)
        {
            if (!_lines.TryGetValue(key, out var line))
            {
                _lines.Add(key, line = new Line(new SemaphoreSlim(slots)));
            }

            line.Messages++;

            return line.Slots;
        }
    }

    private void Leave((string, MessagePriority) key, bool isTaken)
    {
        lock (_lines)
        {
            var line = _lines[key];
            line.Messages--;
            if (isTaken)
            {
                line.Slots.Release();
            }

            if (line.Messages == 0)
            {
                line.Slots.Dispose();
                _lines.Remove(key);
            }
        }
    }

    private sealed record Line(SemaphoreSlim Slots)
    {
        public int Messages { get; set; }
    }

    private sealed class Slot(CallerSlots slots, (string, MessagePriority) key) : IDisposable
    {
        private bool _isDisposed;

        public bool IsTaken { get; set; }

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isDisposed, true))
            {
                slots.Leave(key, IsTaken);
            }
        }
    }
}
