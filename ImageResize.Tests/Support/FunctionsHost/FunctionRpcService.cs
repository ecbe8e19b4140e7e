using System.Collections.Concurrent;
using Grpc.Core;
using ImageResize.Tests.Support.FunctionsHost.Rpc;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>Accepts the event streams of workers. A worker's first message names the worker.</summary>
internal sealed class FunctionRpcService(ConcurrentDictionary<string, WorkerChannel> channels) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream,
        IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context)
    {
        try
        {
            if (await requestStream.MoveNext(context.CancellationToken)
                && requestStream.Current.StartStream is { } start
                && channels.TryGetValue(start.WorkerId, out var channel))
            {
                await channel.RunAsync(requestStream, responseStream, context.CancellationToken);
            }
        }
        catch (Exception cut) when (cut is IOException or OperationCanceledException)
        {
            // The worker's process has ended.
        }
    }
}
