using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageResize.Tests.Support.Http;

/// <summary>A request as bytes, for requests that HttpClient does not send. Disposing closes the connection.</summary>
internal sealed class RawRequest : IDisposable
{
    private readonly TcpClient _connection;

    private RawRequest(TcpClient connection) => _connection = connection;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="from">The caller's own address.</param>
    public static async Task<RawRequest> SendAsync(Uri server, string text, string from = "127.0.0.1")
    {
        var request = new RawRequest(new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0)));
        await request._connection.ConnectAsync(server.Host, server.Port, Token);
        await request._connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n")), Token);

        return request;
    }

    public async Task WriteAsync(byte[] bytes) => await _connection.GetStream().WriteAsync(bytes, Token);

    /// <summary>Reads until the server closes the connection, as <c>Connection: close</c> requests.</summary>
    public async Task<string> ReadAsync()
    {
        using var reader = new StreamReader(_connection.GetStream(), Encoding.UTF8, leaveOpen: true);

        return await reader.ReadToEndAsync(Token);
    }

    /// <summary>Reads the first line of the response; empty if the server closed the connection without one.</summary>
    public async Task<string> ReadLineAsync()
    {
        using var reader = new StreamReader(_connection.GetStream(), Encoding.UTF8, leaveOpen: true);

        return await reader.ReadLineAsync(Token) ?? "";
    }

    /// <summary>Reads slowly, with a pause before each part, and returns the number of bytes.</summary>
    public async Task<long> CountAsync(TimeSpan pause, int piece)
    {
        var buffer = new byte[piece];
        long count = 0;
        while (true)
        {
            await Task.Delay(pause, Token);
            var read = await _connection.GetStream().ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, Token);
            count += read;
            if (read < buffer.Length)
            {
                return count;
            }
        }
    }

    /// <summary>Whether the server has aborted the connection. Reads nothing.</summary>
    public bool HasBeenReset()
    {
        try
        {
            return _connection.Client.Send("x"u8) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public void Dispose() => _connection.Dispose();
}
