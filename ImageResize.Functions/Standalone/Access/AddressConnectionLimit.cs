using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>
/// Limits the concurrent connections of one remote address, so that a stranger can't hold all of them. Further connections are closed at
/// once. Of an IPv6 address the first 64 bits count, because a single machine usually has all addresses that start with them.
/// </summary>
internal sealed class AddressConnectionLimit(int limit)
{
    private const int NetworkBytes = 8;

    private readonly ConcurrentDictionary<IPAddress, int> _connections = new();

    /// <param name="next">Serves the connection.</param>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = AddressOf(connection.RemoteEndPoint);
        if (_connections.AddOrUpdate(address, 1, static (_, count) => count + 1) > limit)
        {
            connection.Abort(new ConnectionAbortedException("Too many connections of one address."));
            Leave(address);

            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(address);
        }
    }

    private void Leave(IPAddress address)
    {
        if (_connections.AddOrUpdate(address, 0, static (_, count) => count - 1) <= 0)
        {
            // Removed only if no connection has arrived meanwhile.
            _connections.TryRemove(KeyValuePair.Create(address, 0));
        }
    }

    /// <summary>Connections without an address, such as those of Unix sockets, share one limit.</summary>
    private static IPAddress AddressOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
        {
            return IPAddress.None;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();

        return new IPAddress(bytes);
    }
}
