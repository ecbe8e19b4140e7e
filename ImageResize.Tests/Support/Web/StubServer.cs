using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ImageResize.Tests.Support.Web;

/// <summary>A web server that sends exactly the given bytes, valid or not.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _serving;

    public StubServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        _serving = ServeAsync();
    }

    public IPEndPoint Place => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The responses by path and query. For other requests the connection is closed without a response.</summary>
    public ConcurrentDictionary<string, Func<Stream, CancellationToken, Task>> Pages { get; } = new();

    /// <summary>The heads of the requests, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The bodies of requests with a Content-Length.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    public StubServer Answer(string path, byte[] reply)
    {
        Pages[path] = async (stream, cancellationToken) => await stream.WriteAsync(reply, cancellationToken);
        return this;
    }

    public StubServer Answer(string path, string reply) => Answer(path, Encoding.Latin1.GetBytes(reply));

    public StubServer AnswerImage(string path, byte[] image) =>
        Answer(
            path,
            [.. Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {image.Length}\r\n\r\n"), .. image]);

    public StubServer Redirect(string path, string location, string status = "302 Found") =>
        Answer(path, $"HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();

        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                connections.Add(AnswerAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = await SecureAsync(client.GetStream());
                var head = await ReadHeadAsync(stream);
                Bodies.Enqueue(await ReadBodyAsync(stream, head));
                Requests.Enqueue(head);

                if (Pages.TryGetValue(head.Split(' ')[1], out var answerAsync))
                {
                    await answerAsync(stream, _end.Token);
                }
            }
            catch (Exception left) when (left is IOException or OperationCanceledException or AuthenticationException)
            {
                // The client may close the connection at any time.
            }
        }
    }

    private async Task<Stream> SecureAsync(Stream stream)
    {
        if (_certificate is null)
        {
            return stream;
        }

        var secure = new SslStream(stream);

        // Offline: only this certificate is sent, and its issuer is not downloaded.
        var context = SslStreamCertificateContext.Create(_certificate, additionalCertificates: null, offline: true);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, _end.Token);

        return secure;
    }

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];

        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(buffer, _end.Token);
            head.Append((char)buffer[0]);
        }

        return head.ToString();
    }

    private async Task<string> ReadBodyAsync(Stream stream, string head)
    {
        const string Length = "Content-Length: ";
        var line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith(Length, StringComparison.OrdinalIgnoreCase));
        var body = new byte[line is null ? 0 : int.Parse(line[Length.Length..])];
        await stream.ReadExactlyAsync(body, _end.Token);

        return Encoding.UTF8.GetString(body);
    }
}
