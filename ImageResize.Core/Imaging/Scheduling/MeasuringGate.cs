namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Limits how many images are measured at once. A header costs little processor time, but one that is made to cost much must not take all
/// cores from requests. An image that waits for bytes of its source gives up its place, because a source can be slow.
/// </summary>
/// <param name="width">Images at once.</param>
internal sealed class MeasuringGate(int width) : IDisposable
{
    private readonly SemaphoreSlim _places = new(width);

    public Task EnterAsync(CancellationToken cancellationToken) => _places.WaitAsync(cancellationToken);

    public void Leave() => _places.Release();

    /// <summary>Returns to the gate on the thread that left it. Each image inside ends or is stopped, so the wait ends.</summary>
    public void Reenter() => _places.Wait();

    public void Dispose() => _places.Dispose();
}
