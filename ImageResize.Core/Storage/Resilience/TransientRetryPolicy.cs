using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ImageResize.Core.Storage.Resilience;

/// <summary>
/// Retries requests after transient faults; if a caller waits, only while that is quick. Receiving messages is never retried: a service
/// that was frozen executes the first request later, and hides messages from all workers although no worker receives them.
/// </summary>
internal sealed class TransientRetryPolicy()
    : RetryPolicy(maxRetries: 2, DelayStrategy.CreateExponentialDelayStrategy(FirstDelay, LongestDelay))
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CallerRetryTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Stores when a caller began to wait for the request.</summary>
    public static void StartCallerDeadline(HttpMessage message) =>
        message.SetProperty(typeof(TransientRetryPolicy), Stopwatch.GetTimestamp());

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        CanRetry(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        CanRetry(message) ? base.ShouldRetryAsync(message, exception) : new ValueTask<bool>(false);

    private static bool CanRetry(HttpMessage message)
    {
        if (message.TryGetProperty(typeof(TransientRetryPolicy), out var started))
        {
            var hasRetryAfter = message.HasResponse && message.Response.Headers.Contains("Retry-After");

            return !hasRetryAfter && Stopwatch.GetElapsedTime((long)started!) < CallerRetryTime;
        }

        return !ReceivesMessages(message.Request);
    }

    private static bool ReceivesMessages(Request request) =>
        request.Method == RequestMethod.Get && request.Uri.Path.EndsWith("/messages", StringComparison.Ordinal);
}
