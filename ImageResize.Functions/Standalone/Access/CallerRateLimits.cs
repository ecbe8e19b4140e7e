using System.Threading.RateLimiting;
using ImageResize.Functions.Http.Metadata;
using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.RateLimiting;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>
/// Limits each caller to a share. Long requests (events, waits, uploads) are limited by how many run at the same time, others by rate. A
/// developer without a key has no rate limit.
/// </summary>
internal static class CallerRateLimits
{
    /// <summary>Queued uploads of a caller, for each one that may run.</summary>
    private const int QueuedUploads = 8;

    public static void Configure(RateLimiterOptions limiter, LimitOptions limits)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            Limit(request => IsUpload(request)
                ? Concurrent(CallerOf(request), limits.ConcurrentUploads, limits.ConcurrentUploads * QueuedUploads)
                : Unlimited),
            Limit(request => IsLong(request) ? Concurrent(CallerOf(request), limits.ConcurrentWaits, queued: 0) : Unlimited),
            Limit(request => NameOf(request) is { } name ? PerMinute(name, limits.RequestsPerMinute, limits.Burst) : Unlimited),
            Limit(request => IsUpload(request) && NameOf(request) is { } name
                ? PerMinute(name, limits.UploadsPerMinute, limits.UploadsPerMinute)
                : Unlimited));

        var refusal = new TooManyRequests();
        limiter.OnRejected = (rejected, _) => refusal.AnswerAsync(rejected.HttpContext, rejected.Lease);
    }

    private static RateLimitPartition<string> Unlimited { get; } = RateLimitPartition.GetNoLimiter("");

    private static PartitionedRateLimiter<HttpContext> Limit(Func<HttpContext, RateLimitPartition<string>> partition) =>
        PartitionedRateLimiter.Create(partition);

    private static RateLimitPartition<string> Concurrent(string caller, int permits, int queued) =>
        RateLimitPartition.GetConcurrencyLimiter(caller, _ => new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = queued });

    private static RateLimitPartition<string> PerMinute(string caller, int requests, int burst) =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = (requests + 59) / 60,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) * ((requests + 59) / 60) / requests,

            // Requests of one second.
            QueueLimit = requests / 60,
        });

    private static bool IsUpload(HttpContext request) =>
        request.GetEndpoint()?.Metadata.GetMetadata<RequestSizeLimit>() is { IsUpload: true };

    private static bool IsLong(HttpContext request) =>
        request.GetEndpoint()?.Metadata.GetMetadata<LongRunning>() is not null || request.Request.Query.ContainsKey("wait");

    private static string? NameOf(HttpContext request) => request.User.Identity?.Name;

    private static string CallerOf(HttpContext request) => NameOf(request) ?? $"at {request.Connection.RemoteIpAddress}";
}
