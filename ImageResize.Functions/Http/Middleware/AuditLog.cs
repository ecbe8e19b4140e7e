using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources.Names;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Writes a line for each request that submits, cancels, retries or deletes, and for those of the operator: who, what, and how it was
/// answered. Queries are left out, because they can contain sources and keys.
/// </summary>
internal sealed partial class AuditLog(RequestDelegate next, ILoggerFactory loggers)
{
    /// <summary>The category, for filters and for sending these lines elsewhere.</summary>
    public const string Category = "ImageResize.Audit";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsAudited(context))
        {
            await next(context);
            return;
        }

        var request = context.Request;
        var (method, path) = (request.Method, VisibleText.Clean(request.Path.Value ?? ""));
        try
        {
            await next(context);
        }
        catch
        {
            // The exception handler decides the status after this middleware.
            LogRequest(CurrentCaller.Name ?? "-", method, path, "refused", "-");
            throw;
        }

        var location = context.Response.Headers.Location is [{ } created] ? created : null;
        LogRequest(CurrentCaller.Name ?? "-", method, path, context.Response.StatusCode.ToString(), location ?? "-");
    }

    private static bool IsAudited(HttpContext context) => context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<AdminOnly>() is not null || metadata.GetMetadata<SubmitsWork>() is not null
            || !ReadMethods.All.Contains(context.Request.Method));

    [LoggerMessage(1000, LogLevel.Information, "Caller {Caller}: {Method} {Path}: {Status} {Location}", EventName = "Audit")]
    private partial void LogRequest(string caller, string method, string path, string status, string location);
}
