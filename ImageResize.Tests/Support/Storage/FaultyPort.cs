using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace ImageResize.Tests.Support.Storage;

internal enum PortFault
{
    None,

    /// <summary>Connections are closed immediately.</summary>
    Refuse,

    /// <summary>Connections are accepted but get no response.</summary>
    Hang,

    /// <summary>Every request gets the same response.</summary>
    Answer,
}

/// <summary>
/// A proxy for one port of Azurite. It can make this service fail while the others work, or kill the client at a request.
/// </summary>
internal sealed class FaultyPort : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _behind;
    private readonly Task _accepting;
    private volatile FaultPeriod _period = new(PortFault.None);
    private string _answer = "";
    private KillTrigger? _killTrigger;

    public FaultyPort(int behind)
    {
        _behind = behind;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Starts a fault, and closes existing connections.</summary>
    public void Turn(PortFault fault)
    {
        var before = _period;
        _period = new FaultPeriod(fault);
        before.Over.Cancel();
    }

    public void AnswerWith(int status, params string[] headers)
    {
        _answer = $"HTTP/1.1 {status} Fault\r\nContent-Length: 0\r\nConnection: close\r\n" +
            $"{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";
        Turn(PortFault.Answer);
    }

    /// <summary>
    /// Kills the client at the first matching request, which is not forwarded completely. Matches the bytes received so far: the head, and
    /// perhaps part of the body.
    /// </summary>
    /// <param name="occurrence">Which of the matching requests; the first by default.</param>
    /// <returns>Completes when the client has been killed.</returns>
    public Task KillAt(Func<string, bool> isMeant, Func<Task> kill, int occurrence = 1)
    {
        var trigger = new KillTrigger(isMeant, kill, occurrence);
        _killTrigger = trigger;

        return trigger.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Turn(PortFault.Refuse);
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptTcpClientAsync(_end.Token);
                var period = _period;
                _ = ServeAsync(caller, period.Fault, period.Over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient caller, PortFault fault, CancellationToken ended)
    {
        using var connection = caller;
        try
        {
            switch (fault)
            {
                case PortFault.None:
                    await PassAsync(connection.GetStream(), ended);
                    break;
                case PortFault.Hang:
                    await Task.Delay(Timeout.Infinite, ended);
                    break;
                case PortFault.Answer:
                    await AnswerAsync(connection.GetStream(), ended);
                    break;
                default:
                    break;
            }
        }
        catch (Exception cut) when (cut is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has closed the connection, or the fault has changed.
        }
    }

    private async Task PassAsync(NetworkStream caller, CancellationToken ended)
    {
        using var service = new TcpClient();
        await service.ConnectAsync(IPAddress.Loopback, _behind, ended);
        var answered = new StrongBox<bool>(true);
        await Task.WhenAny(
            AskAsync(caller, service.GetStream(), answered, ended), AnswerAsync(service.GetStream(), caller, answered, ended));
    }

    /// <summary>Clients do not pipeline, so bytes after a response begin a new request.</summary>
    private async Task AskAsync(NetworkStream caller, NetworkStream service, StrongBox<bool> answered, CancellationToken ended)
    {
        var buffer = new byte[64 * 1024];
        var request = new StringBuilder();
        var isCounted = false;
        while (await caller.ReadAsync(buffer, ended) is > 0 and var read)
        {
            if (Volatile.Read(ref answered.Value))
            {
                request.Clear();
                isCounted = false;
                Volatile.Write(ref answered.Value, false);
            }

            if (!isCounted && _killTrigger is { } trigger
                && trigger.IsMeant(request.Append(Encoding.Latin1.GetString(buffer, 0, read)).ToString()))
            {
                isCounted = true;
                if (trigger.Countdown() == 0)
                {
                    await trigger.Kill();
                    trigger.Done.SetResult();
                    return;
                }
            }

            await service.WriteAsync(buffer.AsMemory(0, read), ended);
        }
    }

    private static async Task AnswerAsync(NetworkStream service, NetworkStream caller, StrongBox<bool> answered, CancellationToken ended)
    {
        var buffer = new byte[64 * 1024];
        while (await service.ReadAsync(buffer, ended) is > 0 and var read)
        {
            Volatile.Write(ref answered.Value, true);
            await caller.WriteAsync(buffer.AsMemory(0, read), ended);
        }
    }

    private async Task AnswerAsync(NetworkStream caller, CancellationToken ended)
    {
        var buffer = new byte[64 * 1024];
        var read = await caller.ReadAsync(buffer, ended);
        if (read > 0)
        {
            await caller.WriteAsync(Encoding.ASCII.GetBytes(_answer), ended);
        }
    }

    /// <summary>A fault and the token that ends it, replaced together because connections can arrive at any time.</summary>
    private sealed record FaultPeriod(PortFault Fault)
    {
        public CancellationTokenSource Over { get; } = new();
    }

    private sealed class KillTrigger(Func<string, bool> isMeant, Func<Task> kill, int occurrence)
    {
        private int _left = occurrence;

        public Func<string, bool> IsMeant { get; } = isMeant;

        public Func<Task> Kill { get; } = kill;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Countdown() => Interlocked.Decrement(ref _left);
    }
}
