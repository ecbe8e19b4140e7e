using System.Buffers;
using System.Net.Mime;
using System.Text;
using ImageResize.Core.Errors;
using ImageResize.Functions.Http.Problems;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>
/// Explains the refusal of an address that contains characters outside ASCII, as scripts send it. Kestrel refuses it before any other code
/// runs, with an empty response. Only the first request of a connection is checked: clients that send more than one percent-encode
/// addresses.
/// </summary>
internal static class UnencodedAddress
{
    private const string Body =
        "{\"type\":\"https://tools.ietf.org/html/rfc9110#section-15.5.1\",\"title\":\"Bad Request\",\"status\":400,"
        + "\"detail\":\"The address contains characters that are not ASCII. Percent-encode them as UTF-8, for example %C3%A9.\",";

    private static readonly byte[] Response = Compose();

    /// <param name="idleTimeout">How long a connection may send nothing.</param>
    /// <param name="next">Serves the connection.</param>
    public static async Task ServeAsync(ConnectionContext connection, TimeSpan idleTimeout, ConnectionDelegate next)
    {
        var input = connection.Transport.Input;
        bool isUnencoded;
        try
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(
                connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None);
            waiting.CancelAfter(idleTimeout);
            var read = await input.ReadAsync(waiting.Token);
            isUnencoded = IsUnencoded(read.Buffer);

            // Nothing is consumed: the next reader gets the same bytes at once.
            input.AdvanceTo(read.Buffer.Start);
        }
        catch (Exception closed) when (closed is OperationCanceledException or IOException)
        {
            return;
        }

        await (isUnencoded ? connection.Transport.Output.WriteAsync(Response).AsTask() : next(connection));
    }

    /// <summary>Whether the first line starts like a request of HTTP/1.1 and is not ASCII. TLS starts otherwise.</summary>
    private static bool IsUnencoded(ReadOnlySequence<byte> start)
    {
        var reader = new SequenceReader<byte>(start);
        if (!reader.TryPeek(out var first) || !char.IsAsciiLetterUpper((char)first))
        {
            return false;
        }

        while (reader.TryRead(out var next) && next != '\n')
        {
            if (!char.IsAscii((char)next))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Compose()
    {
        var body = $"{Body}\"{ProblemCode.Name}\":\"{ErrorCode.InvalidRequest.Name}\"}}";

        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 400 Bad Request\r\nContent-Type: {MediaTypeNames.Application.ProblemJson}\r\nX-Content-Type-Options: nosniff\r\n"
            + $"Cache-Control: no-store\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
