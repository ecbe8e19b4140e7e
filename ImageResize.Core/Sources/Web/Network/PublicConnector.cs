using System.Net;
using System.Net.Sockets;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Connects to a host if all its addresses are allowed. It connects to the addresses that were checked.</summary>
internal sealed class PublicConnector(IAddressPolicy policy, IResolver resolver)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var endpoints = await ResolveAsync(context.DnsEndPoint, cancellationToken);

        // A single forbidden address among allowed ones is refused too: it could be an attack that works by chance.
        if (endpoints.Any(endpoint => !policy.Allows(endpoint.Address)))
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "The host's address is not public.");
        }

        return await ConnectToFirstAsync(endpoints, cancellationToken);
    }

    private async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(DnsEndPoint host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host.Host, out var address)
            ? [new IPEndPoint(address, host.Port)]
            : await resolver.ResolveAsync(host, cancellationToken);

    private static async Task<Stream> ConnectToFirstAsync(IReadOnlyList<IPEndPoint> endpoints, CancellationToken cancellationToken)
    {
        var failure = new SocketException((int)SocketError.HostNotFound);

        foreach (var endpoint in endpoints)
        {
            try
            {
                return await ConnectAsync(endpoint, cancellationToken);
            }
            catch (SocketException unreachable)
            {
                failure = unreachable;
            }
        }

        throw failure;
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
