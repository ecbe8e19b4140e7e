using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ImageResize.Core.Sources.Web.Network;

namespace ImageResize.Tests.Support.Web;

/// <summary>Answers for names as told, each lookup with its next answer, and the last one for ever.</summary>
internal sealed class TestResolver : IResolver
{
    private readonly ConcurrentDictionary<string, Queue<IPEndPoint[]>> _answers = new();

    public ConcurrentQueue<string> Lookups { get; } = new();

    /// <summary>Adds one answer, of one or more places.</summary>
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
