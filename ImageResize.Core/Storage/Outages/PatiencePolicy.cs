using Azure.Core;
using Azure.Core.Pipeline;

namespace ImageResize.Core.Storage.Outages;

/// <summary>How long one try may take: a caller must have an answer within five seconds, a worker has time.</summary>
internal sealed class PatiencePolicy(bool sendsFiles) : HttpPipelinePolicy
{
    public static readonly TimeSpan Worker = TimeSpan.FromSeconds(10);

    private const int SmallBytes = 64 * 1024;

    private static readonly TimeSpan Caller = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CallerWithMany = TimeSpan.FromSeconds(4);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Limit(message);
        ProcessNext(message, pipeline);
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Limit(message);

        return ProcessNextAsync(message, pipeline);
    }

    private void Limit(HttpMessage message)
    {
        if (CallerWait.GoesOn)
        {
            var isLarge = message.Request.Content is { } content && (!content.TryComputeLength(out var bytes) || bytes > SmallBytes);
            message.NetworkTimeout = !isLarge ? Caller : sendsFiles ? Worker : CallerWithMany;
            PatientRetry.Start(message);
        }
    }
}
