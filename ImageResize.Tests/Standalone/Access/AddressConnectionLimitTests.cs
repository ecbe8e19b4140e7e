using System.Net;
using System.Net.Sockets;
using System.Text;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Standalone.Access;

/// <summary>One address cannot hold all connections. On Linux, 127.0.0.2 is another address of the same machine.</summary>
public sealed class AddressConnectionLimitTests(Azurite azurite)
{
    private const string Unfinished = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_with_unfinished_requests_leaves_connections_for_others()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not have the address 127.0.0.2.");
        await using var app = await RunningApp.StartAsync(
            azurite, "--ImageResize:Limits:ConnectionsPerAddress=5", "--ImageResize:Limits:MaxConnections=8");
        var held = new List<TcpClient>();
        for (var i = 0; i < 5; i++)
        {
            held.Add(await ConnectAsync(app, "127.0.0.2", Unfinished));
        }

        using var sixth = await ConnectAsync(app, "127.0.0.2", Unfinished);
        Assert.Equal(0, await ReadAsync(sixth));

        using var other = await ConnectAsync(app, "127.0.0.1", Unfinished + "Connection: close\r\n\r\n");
        Assert.NotEqual(0, await ReadAsync(other));

        held.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task A_closed_connection_makes_room_for_the_next()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Limits:ConnectionsPerAddress=2");

        for (var i = 0; i < 20; i++)
        {
            await Eventually.Async(async () =>
            {
                using var connection = await ConnectAsync(app, "127.0.0.1", Unfinished + "Connection: close\r\n\r\n");

                return await ReadAsync(connection) > 0;
            });
        }
    }

    private static async Task<TcpClient> ConnectAsync(RunningApp app, string from, string request)
    {
        var connection = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        await connection.ConnectAsync(IPAddress.Loopback, app.Client.BaseAddress!.Port, Token);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Token);

        return connection;
    }

    /// <returns>The bytes of the response; 0 if the connection was closed without one.</returns>
    private static async Task<int> ReadAsync(TcpClient connection)
    {
        try
        {
            return await connection.GetStream().ReadAsync(new byte[1_000], Token);
        }
        catch (IOException)
        {
            return 0; // reset
        }
    }
}
