using System.Net;
using System.Net.Sockets;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Sources.Web.Network;

/// <summary>Connects to a host when every address of it is allowed. One lookup: what was checked is what is connected to.</summary>
internal sealed class PublicConnector(IAddressPolicy policy, IResolver resolver)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var places = await LookUpAsync(context.DnsEndPoint, cancellationToken);

        // One bad address among good ones is no mishap, it is an attempt to reach us by chance.
        if (places.Any(place => !policy.Allows(place.Address)))
        {
            throw new RefusedException(ErrorCode.SourceNotAllowed, "The host's address is not public.");
        }

        return await ConnectToOneAsync(places, cancellationToken);
    }

    private async Task<IReadOnlyList<IPEndPoint>> LookUpAsync(DnsEndPoint host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host.Host, out var address)
            ? [new IPEndPoint(address, host.Port)]
            : await resolver.ResolveAsync(host, cancellationToken);

    private static async Task<Stream> ConnectToOneAsync(IReadOnlyList<IPEndPoint> places, CancellationToken cancellationToken)
    {
        var failure = new SocketException((int)SocketError.HostNotFound);

        foreach (var place in places)
        {
            try
            {
                return await ConnectAsync(place, cancellationToken);
            }
            catch (SocketException unreachable)
            {
                failure = unreachable;
            }
        }

        throw failure;
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint place, CancellationToken cancellationToken)
    {
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        try
        {
            await socket.ConnectAsync(place, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
