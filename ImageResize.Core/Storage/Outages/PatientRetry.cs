using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ImageResize.Core.Storage.Outages;

/// <summary>
/// Tries again what failed in passing, for a caller only while that is quick. Never the taking of messages: a service that was
/// frozen carries the first try out later, and hides messages for a worker who has turned away.
/// </summary>
internal sealed class PatientRetry() : RetryPolicy(maxRetries: 2, DelayStrategy.CreateExponentialDelayStrategy(FirstDelay, LongestDelay))
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(500);

    /// <summary>Notes when a caller began to wait.</summary>
    public static void Start(HttpMessage message) => message.SetProperty(typeof(PatientRetry), Stopwatch.GetTimestamp());

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        MayRetry(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        MayRetry(message) ? base.ShouldRetryAsync(message, exception) : new ValueTask<bool>(false);

    private static bool MayRetry(HttpMessage message)
    {
        if (message.TryGetProperty(typeof(PatientRetry), out var started))
        {
            var asksToWait = message.HasResponse && message.Response.Headers.Contains("Retry-After");

            return !asksToWait && Stopwatch.GetElapsedTime((long)started!) < Quick;
        }

        return !IsTaking(message.Request);
    }

    private static bool IsTaking(Request request) =>
        request.Method == RequestMethod.Get && request.Uri.Path.EndsWith("/messages", StringComparison.Ordinal);
}
