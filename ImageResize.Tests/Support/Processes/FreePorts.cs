using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ImageResize.Functions.Standalone.LocalStorage;

namespace ImageResize.Tests.Support.Processes;

/// <summary>
/// Ports that stay ours while nothing listens there. The system's own choice would not: it gives the same numbers to
/// outgoing connections, and a client that knocks at a closed port for long enough even gets connected to itself.
/// </summary>
internal static class FreePorts
{
    // Below where Linux (32768), macOS and Windows (49152) begin to hand out ports.
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static AzuritePorts Take() => new(TakeOne(), TakeOne(), TakeOne());

    public static int TakeOne()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            if (!Given.TryAdd(port, true))
            {
                // Another test's, which may not listen there yet.
                continue;
            }

            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
