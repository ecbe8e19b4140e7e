using System.Text.Json;
using ImageResize.Tests.Support.FunctionsHost.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>
/// Answers HTTP requests as the real host does: by the functions' routes, methods and auth levels, and by forwarding to the worker.
/// </summary>
internal sealed class HttpTriggers(FunctionInvoker functions, IHttpForwarder forwarder) : IDisposable
{
    public const string FunctionKey = "a-function-key";

    public const string MasterKey = "the-master-key";

    public const long MaxRequestBodySize = 104_857_600;

    private readonly HttpMessageInvoker _invoker =
        new(new RetryingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }));
    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    public void Map(IEndpointRouteBuilder endpoints, IEnumerable<DeclaredFunction> declared)
    {
        foreach (var function in declared.Where(function => function.TriggerType == "httpTrigger"))
        {
            RequestDelegate answer = context => AnswerAsync(context, function);
            _ = function.Methods is { } methods ? endpoints.MapMethods(function.Route, methods, answer)
                : endpoints.Map(function.Route, answer);
        }
    }

    public void Dispose() => _invoker.Dispose();

    private async Task AnswerAsync(HttpContext context, DeclaredFunction function)
    {
        if (!IsAllowed(context.Request, function.AuthLevel))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            await BufferBodyAsync(context.Request);
            await InvokeAsync(context, function);
        }
        catch (Exception failure) when (
            failure is BadHttpRequestException or WorkerEndedException or FunctionFailedException or InvalidOperationException)
        {
            Fail(context);
        }
    }

    private static bool IsAllowed(HttpRequest request, string level)
    {
        var key = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault();

        return level.ToUpperInvariant() switch
        {
            "ANONYMOUS" => true,
            "FUNCTION" => key is FunctionKey or MasterKey,
            _ => key is MasterKey,
        };
    }

    /// <summary>The real host reads a body of known length before it calls the worker, and passes a chunked one on as it comes.</summary>
    private static async Task BufferBodyAsync(HttpRequest request)
    {
        if (request.ContentLength is null)
        {
            return;
        }

        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        body.Position = 0;
        request.Body = body;
    }

    private async Task InvokeAsync(HttpContext context, DeclaredFunction function)
    {
        var channel = await functions.ReadyAsync(context.RequestAborted);
        var request = Describe(context.Request, function);
        using var forwardingEnd = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        context.Request.Headers["x-ms-invocation-id"] = request.InvocationId;
        var forwarding = forwarder.SendAsync(context, channel.HttpUri, _invoker, _config, HttpTransformer.Default, forwardingEnd.Token)
            .AsTask();
        try
        {
            await functions.InvokeAsync(channel, request, context.RequestAborted);
            if (await forwarding != ForwarderError.None)
            {
                throw new FunctionFailedException("The request could not be forwarded to the worker.");
            }
        }
        catch
        {
            await forwardingEnd.CancelAsync();
            await forwarding;
            throw;
        }
    }

    private static InvocationRequest Describe(HttpRequest request, DeclaredFunction function)
    {
        var description = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            InputData = { new ParameterBinding { Name = function.Parameter, Data = new TypedData { Http = new RpcHttp() } } },
            TriggerMetadata =
            {
                ["Query"] = new TypedData { Json = JsonSerializer.Serialize(
                    request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString())) },
                ["Headers"] = new TypedData { Json = JsonSerializer.Serialize(
                    request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString())) },
            },
            TraceContext = new RpcTraceContext
            {
                TraceParent = request.Headers.TraceParent.ToString(),
                TraceState = request.Headers.TraceState.ToString()
            },
        };
        foreach (var (name, value) in request.RouteValues)
        {
            description.TriggerMetadata[name] = new TypedData { String = value?.ToString() ?? "" };
        }

        return description;
    }

    private static void Fail(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }
}
