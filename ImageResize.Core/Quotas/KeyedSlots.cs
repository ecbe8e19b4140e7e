namespace ImageResize.Core.Quotas;

/// <summary>Limits how much work of each key runs at once. Further work of a key waits in the order in which it came.</summary>
/// <param name="slots">For each key.</param>
public sealed class KeyedSlots<TKey>(int slots)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> _entries = [];

    /// <returns>To be disposed of when the work is done.</returns>
    public async Task<IDisposable> TakeAsync(TKey key, CancellationToken cancellationToken)
    {
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

    private SemaphoreSlim Enter(TKey key)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                _entries.Add(key, entry = new Entry(new SemaphoreSlim(slots)));
            }

            entry.Entered++;

            return entry.Slots;
        }
    }

    private void Leave(TKey key, bool isTaken)
    {
        lock (_entries)
        {
            var entry = _entries[key];
            entry.Entered--;
            if (isTaken)
            {
                entry.Slots.Release();
            }

            if (entry.Entered == 0)
            {
                entry.Slots.Dispose();
                _entries.Remove(key);
            }
        }
    }

    private sealed record Entry(SemaphoreSlim Slots)
    {
        public int Entered { get; set; }
    }

    private sealed class Slot(KeyedSlots<TKey> slots, TKey key) : IDisposable
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
