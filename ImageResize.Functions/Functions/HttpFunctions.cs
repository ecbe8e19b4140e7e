using Microsoft.Azure.Functions.Worker;

namespace ImageResize.Functions.Functions;

/// <summary>
/// HTTP triggers, one for each resource. Each forwards the request to the ASP.NET Core pipeline that both hosts share. Triggers take all
/// methods, because the Functions host answers a method that no trigger takes with an empty 404 instead of the pipeline's 405.
/// </summary>
public sealed class HttpFunctions(WorkerPipeline pipeline)
{
    [Function("GetImageSize")]
    public Task GetImageSizeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", "put", "patch", "delete", "options", Route = "imageapi")]
        HttpRequest request,
        FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("ResizeImage")]
    public Task ResizeImageAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "imageapi")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("GetResult")]
    public Task GetResultAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "result")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Jobs")]
    public Task JobsAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "v1/jobs/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Batches")]
    public Task BatchesAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "v1/batches/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Images")]
    public Task ImagesAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "v1/images/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Uploads")]
    public Task UploadsAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "v1/uploads/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Thumbnails")]
    public Task ThumbnailsAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "v1/thumbnails/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Measure")]
    public Task MeasureAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "v1/measure/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Watches")]
    public Task WatchesAsync(
        [HttpTrigger(AuthorizationLevel.Function, Route = "v1/watches/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Addresses")]
    public Task AddressesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "t/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Health")]
    public Task HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "health/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("HealthHistory")]
    public Task HealthHistoryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/health/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("OpenApi")]
    public Task OpenApiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "openapi.{format}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Docs")]
    public Task DocsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "docs/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    [Function("Page")]
    public Task PageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "page/{*rest}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);

    /// <remarks>The route matches the root only. With an empty route, the Functions host would use the function's name.</remarks>
    [Function("Home")]
    public Task HomeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "{ignored:maxlength(0)?}")] HttpRequest request, FunctionContext function) =>
        pipeline.InvokeAsync(request.HttpContext, function);
}
