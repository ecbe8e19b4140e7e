using System.Diagnostics;
using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Core.Pipeline;
using ImageResize.Core.Telemetry;

namespace ImageResize.Core.Storage;

/// <summary>
/// Measures each attempt of a storage request, and makes it a span of the work that sent it. Requests without work, such as polls of
/// queues, are no spans.
/// </summary>
/// <param name="service"><c>table</c>, <c>queue</c> or <c>blob</c>.</param>
internal sealed class StorageTelemetryPolicy(string service) : HttpPipelinePolicy
{
    private static readonly Histogram<double> Duration =
        Instruments.CreateDuration("storage.request.duration", "Time of a request to storage, without retries.");

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var span = StartSpan(message);
        var started = Stopwatch.GetTimestamp();
        Exception? fault = null;
        try
        {
            ProcessNext(message, pipeline);
        }
        catch (Exception exception)
        {
            fault = exception;
            throw;
        }
        finally
        {
            Record(message, started, span, fault);
        }
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var span = StartSpan(message);
        var started = Stopwatch.GetTimestamp();
        Exception? fault = null;
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        catch (Exception exception)
        {
            fault = exception;
            throw;
        }
        finally
        {
            Record(message, started, span, fault);
        }
    }

    private Activity? StartSpan(HttpMessage message) => Activity.Current is null || !Instruments.Activities.HasListeners()
        ? null
        : Instruments.Activities.StartActivity($"{service} {message.Request.Method}", ActivityKind.Client);

    private void Record(HttpMessage message, long started, Activity? span, Exception? fault)
    {
        if (!Duration.Enabled && span is null)
        {
            return;
        }

        var tags = new TagList
        {
            { AttributeNames.StorageService, service },
            { AttributeNames.HttpMethod, message.Request.Method.Method },
            fault is null
                ? new KeyValuePair<string, object?>(AttributeNames.HttpStatus, StatusOf(message))
                : new KeyValuePair<string, object?>(AttributeNames.Error, fault.GetType().Name),
        };
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
        if (span is not null)
        {
            foreach (var tag in tags)
            {
                span.SetTag(tag.Key, tag.Value);
            }

            span.SetStatus(fault is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        }
    }

    private static int StatusOf(HttpMessage message) => message.HasResponse ? message.Response.Status : 0;
}
