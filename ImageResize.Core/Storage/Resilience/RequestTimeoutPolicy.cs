using Azure.Core;
using Azure.Core.Pipeline;

namespace ImageResize.Core.Storage.Resilience;

/// <summary>
/// Sets the timeout of each attempt of a storage request. Callers must get a response within five seconds; workers can wait.
/// </summary>
internal sealed class RequestTimeoutPolicy(bool sendsFiles) : HttpPipelinePolicy
{
    public static readonly TimeSpan WorkerTimeout = TimeSpan.FromSeconds(10);

    private const int SmallRequestBytes = 64 * 1024;

    private static readonly TimeSpan CallerTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LargeRequestTimeout = TimeSpan.FromSeconds(4);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        SetTimeout(message);
        ProcessNext(message, pipeline);
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        SetTimeout(message);

        return ProcessNextAsync(message, pipeline);
    }

    private void SetTimeout(HttpMessage message)
    {
        if (CallerDeadline.IsSet)
        {
            var isLarge = message.Request.Content is { } content && (!content.TryComputeLength(out var bytes) || bytes > SmallRequestBytes);
            message.NetworkTimeout = !isLarge ? CallerTimeout : sendsFiles ? WorkerTimeout : LargeRequestTimeout;
            TransientRetryPolicy.StartCallerDeadline(message);
        }
    }
}
