using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ImageResize.Functions.Access;

/// <summary>Ends connections that are slow or idle, standalone; under the Functions host that is the host's to do.</summary>
internal static class ConnectionLimits
{
    public static void Configure(KestrelServerOptions kestrel, LimitOptions options)
    {
        var limits = kestrel.Limits;
        kestrel.AddServerHeader = false;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.HeadersSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(options.KeepAliveSeconds);

        // Slower than a modem of 1990 is no caller of ours.
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

        // The longest source of ours, encoded, has room; 10,000 parameters have not.
        limits.MaxRequestLineSize = 8 * 1_024;
        limits.MaxRequestHeadersTotalSize = 32 * 1_024;
        limits.MaxRequestHeaderCount = 100;
    }
}
