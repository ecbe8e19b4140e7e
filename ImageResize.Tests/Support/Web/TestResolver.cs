using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ImageResize.Core.Sources.Web.Network;

namespace ImageResize.Tests.Support.Web;

/// <summary>Resolves names to the given answers, one for each lookup. The last answer is repeated.</summary>
internal sealed class TestResolver : IResolver
{
    private readonly ConcurrentDictionary<string, Queue<IPEndPoint[]>> _answers = new();

    public ConcurrentQueue<string> Lookups { get; } = new();

    /// <summary>Adds an answer of one or more addresses.</summary>
    public void Add(string host, params IPEndPoint[] places) => _answers.GetOrAdd(host, _ => new()).Enqueue(places);

    public Task<IReadOnlyList<IPEndPoint>> ResolveAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        Lookups.Enqueue(host.Host);

        if (!_answers.TryGetValue(host.Host, out var answers))
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        lock (answers)
        {
            return Task.FromResult<IReadOnlyList<IPEndPoint>>(answers.Count > 1 ? answers.Dequeue() : answers.Peek());
        }
    }
}
