namespace ImageResize.Core.Quotas;

/// <summary>Limits how much work of each key runs at once. Further work of a key waits in the order in which it came.</summary>
/// <param name="slots">For each key.</param>
public sealed class KeyedSlots<TKey>(int slots)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Line> _lines = [];

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
        lock (_lines)
        {
            if (!_lines.TryGetValue(key, out var line))
            {
                _lines.Add(key, line = new Line(new SemaphoreSlim(slots)));
            }

            line.Entered++;

            return line.Slots;
        }
    }

    private void Leave(TKey key, bool isTaken)
    {
        lock (_lines)
        {
            var line = _lines[key];
            line.Entered--;
            if (isTaken)
            {
                line.Slots.Release();
            }

            if (line.Entered == 0)
            {
                line.Slots.Dispose();
                _lines.Remove(key);
            }
        }
    }

    private sealed record Line(SemaphoreSlim Slots)
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
