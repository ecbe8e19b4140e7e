using ImageResize.Core.Storage;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>How a test's host differs from the real one.</summary>
internal sealed record HostSetup
{
    public static readonly TimeSpan RealLease = TimeSpan.FromMinutes(10);

    /// <summary>Whether the host receives queue messages. If not, the test invokes the queue functions.</summary>
    public bool ReceivesMessages { get; init; } = true;

    /// <summary>How long a received message is hidden. The host renews it at half that time.</summary>
    public TimeSpan Lease { get; init; } = RealLease;

    /// <summary>
    /// The value of ImageResize__Storage__WorkQueue. Replaces the default name in queue triggers, because tests share an account.
    /// </summary>
    public string? WorkQueue { get; init; }

    /// <summary>Replaces host.json's visibilityTimeout, the delay after a failure.</summary>
    public TimeSpan? VisibilityTimeout { get; init; }

    /// <summary>Replaces host.json's functionTimeout.</summary>
    public TimeSpan? FunctionTimeout { get; init; }

    /// <summary>How long the host lets invocations finish when it stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The name of a queue trigger's queue in this test.</summary>
    public string QueueName(string declared) =>
        WorkQueue is null ? declared : declared.Replace(new StorageOptions().WorkQueue, WorkQueue, StringComparison.Ordinal);
}
