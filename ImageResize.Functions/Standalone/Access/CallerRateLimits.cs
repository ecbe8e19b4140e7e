using System.Threading.RateLimiting;
using ImageResize.Functions.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace ImageResize.Functions.Access;

/// <summary>
/// Holds each caller to a share, so that one that floods us leaves the others theirs. What lasts (events, waits, uploads) is counted by
/// how many there are at once, apart from the rest. A developer without a key is not held to rates.
/// </summary>
internal static class CallerLimits
{
    /// <summary>Uploads of one caller that wait for one of its own to end, for each that is on its way.</summary>
    private const int WaitingUploads = 8;

    public static void Configure(RateLimiterOptions limiter, LimitOptions limits)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            Limit(request => IsUpload(request) ? AtOnce(CallerOf(request), limits.ConcurrentUploads, limits.ConcurrentUploads * WaitingUploads) : Unlimited),
            Limit(request => IsLong(request) ? AtOnce(CallerOf(request), limits.ConcurrentWaits, waiting: 0) : Unlimited),
            Limit(request => NameOf(request) is { } name ? PerMinute(name, limits.RequestsPerMinute, limits.Burst) : Unlimited),
            Limit(request => IsUpload(request) && NameOf(request) is { } name ? PerMinute(name, limits.UploadsPerMinute, limits.UploadsPerMinute) : Unlimited));

        var refusal = new TooManyRequests();
        limiter.OnRejected = (rejected, _) => refusal.AnswerAsync(rejected.HttpContext, rejected.Lease);
    }

    private static RateLimitPartition<string> Unlimited { get; } = RateLimitPartition.GetNoLimiter("");

    private static PartitionedRateLimiter<HttpContext> Limit(Func<HttpContext, RateLimitPartition<string>> partition) =>
        PartitionedRateLimiter.Create(partition);

    private static RateLimitPartition<string> AtOnce(string caller, int most, int waiting) =>
        RateLimitPartition.GetConcurrencyLimiter(caller, _ => new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = waiting });

    private static RateLimitPartition<string> PerMinute(string caller, int requests, int burst) =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = (requests + 59) / 60,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) * ((requests + 59) / 60) / requests,

            // A second's worth.
            QueueLimit = requests / 60,
        });

    private static bool IsUpload(HttpContext request) => request.GetEndpoint()?.Metadata.GetMetadata<RequestLimit>() is not null;

    private static bool IsLong(HttpContext request) =>
        request.GetEndpoint()?.Metadata.GetMetadata<LongAnswer>() is not null || request.Request.Query.ContainsKey("wait");

    private static string? NameOf(HttpContext request) => request.User.Identity?.Name;

    private static string CallerOf(HttpContext request) => NameOf(request) ?? $"at {request.Connection.RemoteIpAddress}";
}

/// <summary>Of an endpoint: its answer takes as long as a batch does.</summary>
internal sealed class LongAnswer;
