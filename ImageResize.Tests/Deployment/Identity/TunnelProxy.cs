using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageResize.Tests.Deployment.Identity;

/// <summary>A proxy for HTTPS that connects all hosts to one local port.</summary>
internal sealed class TunnelProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _behind;
    private readonly Task _accepting;

    public TunnelProxy(int behind)
    {
        _behind = behind;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using var connection = caller;
        using var service = new TcpClient();
        try
        {
            var stream = caller.GetStream();
            await SkipHeadAsync(stream);
            await service.ConnectAsync(IPAddress.Loopback, _behind, _end.Token);
            await stream.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), _end.Token);
            await Task.WhenAny(
                stream.CopyToAsync(service.GetStream(), _end.Token), service.GetStream().CopyToAsync(stream, _end.Token));
        }
        catch (Exception cut) when (cut is IOException or SocketException or OperationCanceledException)
        {
            // One side has closed the connection.
        }
    }

    private async Task SkipHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(buffer, _end.Token);
            head.Append((char)buffer[0]);
        }
    }
}
