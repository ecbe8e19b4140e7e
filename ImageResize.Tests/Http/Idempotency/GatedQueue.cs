using ImageResize.Core.Messages;

namespace ImageResize.Tests.Http.Idempotency;

/// <summary>The real queue behind a gate: a test holds a submission at its last step, or has it fail there.</summary>
internal sealed class GatedQueue(IMessageQueue queue) : IMessageQueue
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when someone stands before the gate.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Thrown at the gate by the next one who comes.</summary>
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
