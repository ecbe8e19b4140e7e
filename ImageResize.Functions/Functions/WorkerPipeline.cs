using ImageResize.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageResize.Functions.Functions;

/// <summary>
/// Runs <see cref="HttpPipeline"/> inside a function. The worker's own ASP.NET Core middleware must always reach the function, so that
/// ours runs here instead of around it.
/// </summary>
internal sealed class WorkerPipeline
{
    private readonly RequestDelegate _pipeline;

    public WorkerPipeline(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        HttpPipeline.Use(app, Role.Api, isStandalone: false);
        _pipeline = app.Build();
    }

    public async Task InvokeAsync(HttpContext http, FunctionContext function)
    {
        // The worker has routed the request to the function; the endpoints inside are found by a routing of their own.
        http.SetEndpoint(null);
        http.Request.RouteValues.Clear();

        // The function's token is canceled whenever the client disconnects, the request's own only in some cases.
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, function.CancellationToken);
        http.RequestAborted = aborted.Token;
        await _pipeline(http);
    }
}
