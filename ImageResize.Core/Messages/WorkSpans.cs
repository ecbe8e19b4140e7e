using System.Diagnostics;
using ImageResize.Core.Telemetry;

namespace ImageResize.Core.Messages;

/// <summary>Spans of messages. A message carries the span that sent it, so that its work continues the trace of the request.</summary>
internal static class WorkSpans
{
    /// <returns>Null if the trace is not recorded.</returns>
    public static Activity? StartSend(WorkMessage message)
    {
        if (!Instruments.Activities.HasListeners())
        {
            return null;
        }

        // A message that is sent again after its work began has the trace of that work; others have that of the request.
        var parent = Activity.Current?.Id ?? message.Trace;
        var span = Instruments.Activities.StartActivity($"send {NameOf(message)}", ActivityKind.Producer, parent);
        span?.SetTag(AttributeNames.Batch, message.Batch.ToString());

        return span;
    }

    /// <summary>
    /// Continues the trace of the message. Under the Functions host, the function that received it has a trace of its own, which is linked.
    /// Each delivery of a message is one span, also if the message has many jobs.
    /// </summary>
    /// <returns>Null if the trace is not recorded.</returns>
    public static Activity? StartProcess(WorkMessage message, long dequeueCount)
    {
        if (!Instruments.Activities.HasListeners())
        {
            return null;
        }

        _ = ActivityContext.TryParse(message.Trace, traceState: null, isRemote: true, out var parent);
        ActivityLink[]? links = Activity.Current is { } receiver && receiver.TraceId != parent.TraceId ? [new(receiver.Context)] : null;
        var span = Instruments.Activities.StartActivity($"process {NameOf(message)}", ActivityKind.Consumer, parent, tags: null, links);
        span?.SetTag(AttributeNames.Batch, message.Batch.ToString());
        span?.SetTag("messaging.message.delivery_count", dequeueCount);

        return span;
    }

    private static string NameOf(WorkMessage message) => message switch
    {
        SliceMessage => "slice",
        ListMessage => "list",
        WatchMessage => "watch",
        CallbackMessage => "callback",
        PurgeMessage => "purge",
        _ => "remove upload",
    };
}
