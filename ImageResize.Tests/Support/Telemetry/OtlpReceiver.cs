using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using ImageResize.Tests.Support.Telemetry.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Support.Telemetry;

/// <summary>Receives traces by OTLP, as a collector does. Metrics and logs are refused, which exporters survive.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<Span> _spans;

    private OtlpReceiver(WebApplication server, ConcurrentQueue<Span> spans) => (_server, _spans) = (server, spans);

    public string Address => _server.Urls.Single();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var spans = new ConcurrentQueue<Span>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, http => http.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(spans);
        builder.Services.AddGrpc();
        var server = builder.Build();
        server.MapGrpcService<Service>();
        await server.StartAsync(TestContext.Current.CancellationToken);

        return new OtlpReceiver(server, spans);
    }

    /// <summary>
    /// The tree of each trace: a line for a span, indented below its parent. Spans whose parent was not received are roots. Times are
    /// relative to the first span.
    /// </summary>
    public IReadOnlyList<string> Trees(bool withTimes = false) =>
        [.. _spans.GroupBy(span => span.TraceId).Select(trace => TreeOf([.. trace], withTimes))];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string TreeOf(List<Span> spans, bool withTimes)
    {
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        var children = spans.ToLookup(span => ids.Contains(span.ParentSpanId) ? span.ParentSpanId : ByteString.Empty);
        var first = spans.Min(span => span.StartTimeUnixNano);

        return string.Concat(Lines(ByteString.Empty, depth: 0));

        IEnumerable<string> Lines(ByteString parent, int depth) => children[parent].OrderBy(span => span.StartTimeUnixNano)
            .SelectMany(span => Lines(span.SpanId, depth + 1).Prepend($"{new string(' ', 2 * depth)}{span.Name}{TimesOf(span)}\n"));

        string TimesOf(Span span) => withTimes
            ? FormattableString.Invariant(
                $" +{(span.StartTimeUnixNano - first) / 1e6:0.0} ms, {(span.EndTimeUnixNano - span.StartTimeUnixNano) / 1e6:0.0} ms")
            : "";
    }

    private sealed class Service(ConcurrentQueue<Span> spans) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            foreach (var span in request.ResourceSpans.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans))
            {
                spans.Enqueue(span);
            }

            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }
}
