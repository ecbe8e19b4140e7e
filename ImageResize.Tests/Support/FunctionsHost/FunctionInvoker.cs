using ImageResize.Tests.Support.FunctionsHost.Rpc;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>Invokes functions within host.json's function timeout.</summary>
internal sealed class FunctionInvoker(WorkerSupervisor worker, TimeSpan timeout)
{
    /// <summary>How long a function has to end after its timeout, before the worker is replaced.</summary>
    private static readonly TimeSpan TimeoutGracePeriod = TimeSpan.FromSeconds(2);

    /// <summary>Returns the worker. Waits while it starts.</summary>
    public Task<WorkerChannel> ReadyAsync(CancellationToken cancellationToken) => worker.ReadyAsync(cancellationToken);

    /// <summary>Invokes a function, cancels it at its timeout, and replaces the worker if the function does not end then.</summary>
    /// <exception cref="FunctionFailedException">The function threw.</exception>
    /// <exception cref="WorkerEndedException">The worker's process ended.</exception>
    public async Task InvokeAsync(WorkerChannel channel, InvocationRequest request, CancellationToken cancellationToken)
    {
        using var canceling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var invoking = channel.InvokeAsync(request, canceling.Token);
        try
        {
            await invoking.WaitAsync(timeout, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await canceling.CancelAsync();
            await ((Task)invoking).WaitAsync(TimeoutGracePeriod, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!invoking.IsCompleted)
            {
                worker.Replace(channel);
            }

            throw new FunctionFailedException("The function exceeded its timeout.");
        }

        var result = await invoking;
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new FunctionFailedException(result.Exception?.Message ?? "The function failed.");
        }
    }
}

/// <summary>A function threw, or did not end in time.</summary>
internal sealed class FunctionFailedException(string reason) : Exception(reason);
