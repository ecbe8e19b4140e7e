using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ImageResize.Functions.Functions;

/// <summary>
/// HTTP triggers, one for each resource. Each forwards the request to the ASP.NET Core pipeline that both hosts share. All methods are
/// declared, because the host answers an undeclared one with an empty 404 instead of the pipeline's 405.
/// </summary>
internal sealed class HttpFunctions(WorkerPipeline pipeline)
{
    [Function("GetImageSize")]
    public Task GetImageSizeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", "put", "patch", "delete", "options", Route = "imageapi")] HttpRequest request,
        FunctionContext context) =>
        pipeline.InvokeAsync(request.HttpContext, context);

    [Function("ResizeImage")]
    public Task ResizeImageAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "imageapi")] HttpRequest request, FunctionContext context) =>
        pipeline.InvokeAsync(request.HttpContext, context);

    [Function("GetResult")]
    public Task GetResultAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", "post", "put", "patch", "delete", "options", Route = "result")] HttpRequest request,
        FunctionContext context) =>
        pipeline.InvokeAsync(request.HttpContext, context);

    [Function("Jobs")]
    public Task JobsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", "post", "put", "patch", "delete", "options", Route = "v1/jobs/{*rest}")] HttpRequest request,
        FunctionContext context) =>
        pipeline.InvokeAsync(request.HttpContext, context);

    [Function("Batches")]
    public Task BatchesAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", "post", "put", "patch", "delete", "options", Route = "v1/batches/{*rest}")] HttpRequest request,
        FunctionContext context) =>
        pipeline.InvokeAsync(request.HttpContext, context);

    [Function("Images")]
    public Task ImagesAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", "post", "put", "patch", "delete", "options", Route = "v1/images/{*rest}")] HttpRequest request,
        FunctionContext context) =>
        pipeline.InvokeAsync(request.HttpContext, context);

    [Function("Health")]
    public Task HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "health/{*rest}")] HttpRequest request,
        FunctionContext context) =>
        pipeline.InvokeAsync(request.HttpContext, context);

    [Function("Metrics")]
    public Task MetricsAsync(
        [HttpTrigger(AuthorizationLevel.Admin, "get", "head", "post", "put", "patch", "delete", "options", Route = "metrics")] HttpRequest request,
        FunctionContext context) =>
        pipeline.InvokeAsync(request.HttpContext, context);

    /// <remarks>The route matches the root alone: an empty route would become the function's name.</remarks>
    [Function("Home")]
    public Task HomeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "{ignored:maxlength(0)?}")] HttpRequest request,
        FunctionContext context) =>
        pipeline.InvokeAsync(request.HttpContext, context);
}
