using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageResize.Tests.Support;

internal enum PortFault
{
    None,

    /// <summary>Connections are closed at once.</summary>
    Refuse,

    /// <summary>Connections are taken and never answered.</summary>
    Hang,

    /// <summary>Every request gets the same answer, whatever it asks.</summary>
    Answer,
}

/// <summary>Stands in front of one port of Azurite, and takes that one service away without touching the others.</summary>
internal sealed class FaultyPort : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _behind;
    private readonly Task _accepting;
    private CancellationTokenSource _era = new();
    private PortFault _fault;
    private string _answer = "";

    public FaultyPort(int behind)
    {
        _behind = behind;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From here on; what is connected now is cut off.</summary>
    public void Turn(PortFault fault)
    {
        _fault = fault;
        var before = Interlocked.Exchange(ref _era, new CancellationTokenSource());
        before.Cancel();
        before.Dispose();
    }

    public void AnswerWith(int status, params string[] headers)
    {
        _answer = $"HTTP/1.1 {status} Fault\r\nContent-Length: 0\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";
        Turn(PortFault.Answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Turn(PortFault.Refuse);
        _listener.Dispose();
        await _accepting;
        _era.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = ServeAsync(caller, _fault, _era.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient caller, PortFault fault, CancellationToken era)
    {
        using var connection = caller;
        try
        {
            switch (fault)
            {
                case PortFault.None:
                    await PassAsync(connection.GetStream(), era);
                    break;
                case PortFault.Hang:
                    await Task.Delay(Timeout.Infinite, era);
                    break;
                case PortFault.Answer:
                    await AnswerAsync(connection.GetStream(), era);
                    break;
                default:
                    break;
            }
        }
        catch (Exception cut) when (cut is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has hung up, or the fault has changed.
        }
    }

    private async Task PassAsync(NetworkStream caller, CancellationToken era)
    {
        using var service = new TcpClient();
        await service.ConnectAsync(IPAddress.Loopback, _behind, era);
        await Task.WhenAny(caller.CopyToAsync(service.GetStream(), era), service.GetStream().CopyToAsync(caller, era));
    }

    private async Task AnswerAsync(NetworkStream caller, CancellationToken era)
    {
        var buffer = new byte[64 * 1024];
        var read = await caller.ReadAsync(buffer, era);
        if (read > 0)
        {
            await caller.WriteAsync(Encoding.ASCII.GetBytes(_answer), era);
        }
    }
}
