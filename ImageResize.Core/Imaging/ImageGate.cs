namespace ImageResize.Core.Imaging;

/// <summary>The one place that decides how many images are decoded at once: as many as there are cores.</summary>
public sealed class ImageGate : IDisposable
{
    private readonly SemaphoreSlim _free;

    public ImageGate()
        : this(Environment.ProcessorCount)
    {
    }

    internal ImageGate(int width)
    {
        Width = width;
        _free = new SemaphoreSlim(width);
    }

    public int Width { get; }

    /// <summary>Runs work that keeps a core busy, when one is free.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
