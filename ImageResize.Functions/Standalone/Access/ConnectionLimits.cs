using ImageResize.Functions.Http.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>Limits connections and ends slow or idle ones, standalone. The Functions host has limits of its own.</summary>
internal static class ConnectionLimits
{
    public static void Configure(KestrelServerOptions kestrel, LimitOptions options)
    {
        var limits = kestrel.Limits;
        kestrel.AddServerHeader = false;
        limits.MaxConcurrentConnections = options.MaxConnections;
        var perAddress = new AddressConnectionLimit(options.ConnectionsPerAddress);
        var idleTimeout = TimeSpan.FromSeconds(options.KeepAliveSeconds);
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Use(next => connection => perAddress.ServeAsync(connection, next));
            endpoint.Use(next => connection => UnencodedAddress.ServeAsync(connection, idleTimeout, next));
        });
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.HeadersSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(options.KeepAliveSeconds);

        // Kestrel's defaults: the speed of a modem of 1990.
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

        // Large enough for the longest source, percent-encoded.
        limits.MaxRequestLineSize = 8 * 1_024;
        limits.MaxRequestHeadersTotalSize = 32 * 1_024;
        limits.MaxRequestHeaderCount = 100;
    }
}
