using ImageResize.Core.Messages;

namespace ImageResize.Tests.Http.Idempotency;

/// <summary>Holds submissions before they send a message to the real queue, or makes them fail there.</summary>
internal sealed class GatedQueue(IMessageQueue queue) : IMessageQueue
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a message is about to be sent.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Thrown once, by the next message.</summary>
    public Exception? NextFault { get; set; }

    public void Open() => _open.TrySetResult();

    public async Task SendAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (NextFault is { } fault)
        {
            NextFault = null;
            throw fault;
        }

        _arrived.TrySetResult();
        await _open.Task.WaitAsync(cancellationToken);
        await queue.SendAsync(message, delay, cancellationToken);
    }
}
