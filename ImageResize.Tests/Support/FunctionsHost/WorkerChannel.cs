using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ImageResize.Tests.Support.FunctionsHost.Rpc;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>The host's side of one worker's event stream: initializes the worker, loads its functions and invokes them.</summary>
internal sealed class WorkerChannel(Action<string> log)
{
    private readonly Channel<StreamingMessage> _outbound = Channel.CreateUnbounded<StreamingMessage>();
    private readonly Channel<StreamingMessage> _answers = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StatusResult>> _invocations = [];
    private volatile bool _isClosed;

    /// <summary>The address to which HTTP requests are forwarded.</summary>
    public string HttpUri { get; private set; } = "";

    public IReadOnlyList<DeclaredFunction> Functions { get; private set; } = [];

    /// <summary>Initializes a worker that is about to connect.</summary>
    public async Task InitializeAsync(string directory, CancellationToken cancellationToken)
    {
        Send(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest
            {
                HostVersion = "4.1037.0.0",
                Capabilities = { ["MultiStream"] = "10" },
                WorkerDirectory = directory,
                FunctionAppDirectory = directory,
            },
        });
        var worker = (await _answers.Reader.ReadAsync(cancellationToken)).WorkerInitResponse;
        Check(worker.Result);
        HttpUri = worker.Capabilities["HttpUri"];

        Send(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = directory } });
        var listed = (await _answers.Reader.ReadAsync(cancellationToken)).FunctionMetadataResponse;
        Check(listed.Result);
        Functions = [.. listed.FunctionMetadataResults.Select(metadata => new DeclaredFunction(metadata))];

        foreach (var function in Functions)
        {
            Send(new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest
                {
                    FunctionId = function.Id,
                    Metadata = function.Metadata
                }
            });
        }

        for (var left = Functions.Count; left > 0; left--)
        {
            Check((await _answers.Reader.ReadAsync(cancellationToken)).FunctionLoadResponse.Result);
        }
    }

    /// <summary>Invokes a function and waits for its result, also after a cancellation.</summary>
    /// <exception cref="WorkerEndedException">The worker's process ended first.</exception>
    public async Task<StatusResult> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var result = new TaskCompletionSource<StatusResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _invocations[request.InvocationId] = result;
        if (_isClosed)
        {
            Close();
        }

        Send(new StreamingMessage { InvocationRequest = request });
        await using var canceling = cancellationToken.Register(() => Cancel(request.InvocationId));

        return await result.Task;
    }

    /// <summary>Waits for the running invocations.</summary>
    public Task DrainAsync() =>
        Task.WhenAll(_invocations.Values.Select(invocation => invocation.Task)).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>Cancels every running invocation.</summary>
    public void CancelAll()
    {
        foreach (var invocation in _invocations.Keys)
        {
            Cancel(invocation);
        }
    }

    /// <summary>Requests the worker to end.</summary>
    public void Terminate(TimeSpan gracePeriod) =>
        Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(gracePeriod) } });

    /// <summary>Fails every invocation, because the worker's process has ended.</summary>
    public void Close()
    {
        _isClosed = true;
        _outbound.Writer.TryComplete();
        _answers.Writer.TryComplete(new WorkerEndedException());
        foreach (var invocation in _invocations.Keys)
        {
            if (_invocations.TryRemove(invocation, out var result))
            {
                result.TrySetException(new WorkerEndedException());
            }
        }
    }

    public async Task RunAsync(
        IAsyncStreamReader<StreamingMessage> inbound,
        IServerStreamWriter<StreamingMessage> outbound,
        CancellationToken cancellationToken)
    {
        var writing = WriteAsync(outbound, cancellationToken);
        while (await inbound.MoveNext(cancellationToken))
        {
            Take(inbound.Current);
        }

        await writing;
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outbound, CancellationToken cancellationToken)
    {
        await foreach (var message in _outbound.Reader.ReadAllAsync(cancellationToken))
        {
            await outbound.WriteAsync(message, cancellationToken);
        }
    }

    private void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.RpcLog:
                log($"{message.RpcLog.Level}: {message.RpcLog.Category}: {message.RpcLog.Message} {message.RpcLog.Exception?.Message}");
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse
                when _invocations.TryRemove(message.InvocationResponse.InvocationId, out var invocation):
                invocation.TrySetResult(message.InvocationResponse.Result);
                break;
            case StreamingMessage.ContentOneofCase.WorkerInitResponse:
            case StreamingMessage.ContentOneofCase.FunctionMetadataResponse:
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse:
                _answers.Writer.TryWrite(message);
                break;
            default:
                break;
        }
    }

    private void Cancel(string invocation) =>
        Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocation } });

    private void Send(StreamingMessage message) => _outbound.Writer.TryWrite(message);

    private static void Check(StatusResult result)
    {
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new InvalidOperationException($"The worker refused a request of the host: {result.Exception?.Message}");
        }
    }
}

/// <summary>The worker's process ended before it answered.</summary>
internal sealed class WorkerEndedException() : Exception("The worker's process has ended.");
