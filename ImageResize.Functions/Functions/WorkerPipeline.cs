using ImageResize.Functions.Http;
using ImageResize.Functions.Http.Middleware;
using Microsoft.Azure.Functions.Worker;

namespace ImageResize.Functions.Functions;

/// <summary>
/// Runs the HTTP pipeline inside a function. It can't run around the function, because the worker requires that its own ASP.NET Core
/// middleware always reaches the function.
/// </summary>
public sealed class WorkerPipeline
{
    private readonly RequestDelegate _pipeline;

    public WorkerPipeline(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.Use(RequestBodyLimit.ApplyAsync);
        HttpPipeline.Use(app, static access => access.UseMiddleware<WorkerCallerMiddleware>());
        _pipeline = app.Build();
    }

    public async Task InvokeAsync(HttpContext http, FunctionContext function)
    {
        // The worker has selected the function as the endpoint. The pipeline has a routing of its own.
        http.SetEndpoint(null);
        http.Request.RouteValues.Clear();

        // The function's token is canceled whenever the client disconnects, the request's own token only in some cases.
        var requestAborted = http.RequestAborted;
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(requestAborted, function.CancellationToken);
        http.RequestAborted = aborted.Token;
        try
        {
            await _pipeline(http);
        }
        finally
        {
            http.RequestAborted = requestAborted;
        }
    }
}
