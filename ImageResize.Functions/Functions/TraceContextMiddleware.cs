using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace ImageResize.Functions.Functions;

/// <summary>
/// Makes the trace context of an invocation the current activity, which the worker does only if a listener has been added. Activities and
/// queue messages of this application then continue the caller's trace.
/// </summary>
internal sealed class TraceContextMiddleware : IFunctionsWorkerMiddleware
{
    private const string Header = "traceparent";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        using var activity = Activity.Current is null && FindParent(context) is { } parent
            ? new Activity(context.FunctionDefinition.Name).SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags)
            : null;
        activity?.Start();
        await next(context);
    }

    /// <summary>The host's own span if it makes one; without telemetry in the host, the caller's header.</summary>
    private static ActivityContext? FindParent(FunctionContext context)
    {
        if (ActivityContext.TryParse(context.TraceContext.TraceParent, context.TraceContext.TraceState, out var host))
        {
            return host;
        }

        return ActivityContext.TryParse(context.GetHttpContext()?.Request.Headers[Header], traceState: null, out var caller)
            ? caller
            : null;
    }
}
