using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ImageResize.Functions.Standalone.LocalStorage;

namespace ImageResize.Tests.Support.Processes;

/// <summary>
/// Reserves ports on which nothing listens yet. Ephemeral ports are unsuitable: the system uses them for outgoing connections, and a
/// client that repeatedly connects to a closed ephemeral port can even get connected to itself.
/// </summary>
internal static class FreePorts
{
    // Below the ephemeral ports of Linux (32768), macOS and Windows (49152).
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
                // Reserved by another test, which may not listen on it yet.
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
                // In use: try another.
            }
        }
    }
}
