using System.Net;
using System.Net.Sockets;

namespace ImageResize.Tests.Sources.Web.Network;

/// <summary>Listeners at addresses that must not be reachable. A connection to one is a failure.</summary>
public sealed class Canaries : IDisposable
{
    private static readonly IPAddress[] Inside =
    [
        IPAddress.Loopback,
        IPAddress.IPv6Loopback,

        // Only some systems have these addresses without configuration.
        IPAddress.Parse("127.0.0.2"),
        IPAddress.Parse("127.1.2.3"),
        IPAddress.Parse("127.255.255.254"),
    ];

    private readonly List<TcpListener> _listeners = [];

    public Canaries()
    {
        var first = Listen(IPAddress.Loopback, port: 0) ?? throw new InvalidOperationException("No port to listen on.");
        OtherPort = ((IPEndPoint)first.LocalEndpoint).Port;

        foreach (var address in Inside)
        {
            Listen(address, OtherPort);
            Listen(address, port: 80);
        }
    }

    public int OtherPort { get; }

    public bool Watches(IPAddress address, int port) =>
        _listeners.Exists(listener => listener.LocalEndpoint.Equals(new IPEndPoint(address, port)));

    /// <summary>
    /// The number of connections since the last call. A connection is in its listener's queue before its client can use it.
    /// </summary>
    public int TakeConnections()
    {
        var count = 0;

        foreach (var listener in _listeners)
        {
            while (listener.Pending())
            {
                listener.AcceptSocket().Dispose();
                count++;
            }
        }

        return count;
    }

    public void Dispose() => _listeners.ForEach(listener => listener.Stop());

    private TcpListener? Listen(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);

        try
        {
            listener.Start();
        }
        catch (SocketException)
        {
            // Taken, not permitted, or no such address: CanaryTests says where it matters.
            listener.Dispose();
            return null;
        }

        _listeners.Add(listener);
        return listener;
    }
}

[CollectionDefinition(Name)]
public sealed class CanaryCollection : ICollectionFixture<Canaries>
{
    public const string Name = "Canaries";
}
