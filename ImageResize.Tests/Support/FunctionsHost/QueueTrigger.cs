using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Google.Protobuf;
using ImageResize.Tests.Support.FunctionsHost.Rpc;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>
/// Receives the messages of one function's queue as the real host does: a few at a time, hidden by a lease that is renewed at half,
/// deleted after a success, hidden for a while after a failure, moved to the poison queue after the last attempt or if not base64.
/// </summary>
/// <param name="invoke">Invokes the function. Returns whether it succeeded.</param>
internal sealed class QueueTrigger(
    QueueClient queue,
    QueueClient? poison,
    QueueOptions options,
    TimeSpan lease,
    Func<QueueMessage, byte[], CancellationToken, Task<bool>> invoke)
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<Task> _underWay = [];

    /// <param name="stopping">No more messages are received. Those in progress are completed.</param>
    /// <param name="killed">The host was killed: it sends nothing more to the queue.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken killed)
    {
        var poll = ShortestPoll;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _underWay.RemoveWhere(task => task.IsCompleted);
                if (_underWay.Count > options.NewBatchThreshold)
                {
                    await Task.WhenAny(_underWay).WaitAsync(stopping);
                    continue;
                }

                var received = (await queue.ReceiveMessagesAsync(options.BatchSize, lease, stopping)).Value;
                foreach (var message in received)
                {
                    _underWay.Add(Task.Run(() => HandleAsync(message, killed), CancellationToken.None));
                }

                poll = received.Length > 0 ? ShortestPoll : Shorter(poll * 2, options.MaxPollingInterval);
                await Task.Delay(received.Length > 0 ? TimeSpan.Zero : poll, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault) when (IsStorageFault(fault))
            {
                // No storage, or no queue yet.
                await Task.Delay(options.MaxPollingInterval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_underWay);
    }

    /// <summary>Describes a message to the worker as the real host does.</summary>
    public static InvocationRequest Describe(DeclaredFunction function, QueueMessage message, byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);

        return new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            TraceContext = new RpcTraceContext(),
            InputData =
            {
                new ParameterBinding
                {
                    Name = function.Parameter,
                    Data = function switch
                    {
                        { TakesQueueMessage: true } => new TypedData { ModelBindingData = Model(message, text, body) },
                        { TakesBytes: true } => new TypedData { Bytes = ByteString.CopyFrom(body) },
                        _ => new TypedData { String = text },
                    },
                },
            },
            TriggerMetadata =
            {
                ["QueueTrigger"] = new TypedData { String = text },
                ["DequeueCount"] = new TypedData { Json = $"{message.DequeueCount}" },
                ["ExpirationTime"] = new TypedData { Json = JsonSerializer.Serialize(message.ExpiresOn) },
                ["Id"] = new TypedData { String = message.MessageId },
                ["InsertionTime"] = new TypedData { Json = JsonSerializer.Serialize(message.InsertedOn) },
                ["NextVisibleTime"] = new TypedData { Json = JsonSerializer.Serialize(message.NextVisibleOn) },
                ["PopReceipt"] = new TypedData { String = message.PopReceipt },
            },
        };
    }

    private static ModelBindingData Model(QueueMessage message, string text, byte[] body) => new()
    {
        Version = "1.0",
        Source = "AzureStorageQueues",
        ContentType = "application/json",
        Content = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(new
        {
            message.MessageId,
            message.PopReceipt,
            MessageText = text,
            Body = body,
            NextVisibleOn = message.NextVisibleOn,
            InsertedOn = message.InsertedOn,
            ExpiresOn = message.ExpiresOn,
            message.DequeueCount,
        })),
    };

    private async Task HandleAsync(QueueMessage message, CancellationToken killed)
    {
        try
        {
            var receipt = new Receipt(message.PopReceipt);
            var isDone = message.DequeueCount <= options.MaxDequeueCount
                && FindBody(message) is { } body
                && await InvokeAsync(message, body, receipt, killed);
            killed.ThrowIfCancellationRequested();
            await SettleAsync(message, receipt.Value, isDone, killed);
        }
        catch (Exception unsettled) when (unsettled is OperationCanceledException || IsStorageFault(unsettled))
        {
            // The host was killed or storage is unavailable: the message is received again after its lease.
        }
    }

    /// <summary>Renews the lease until the invocation ends.</summary>
    private async Task<bool> InvokeAsync(QueueMessage message, byte[] body, Receipt receipt, CancellationToken killed)
    {
        using var renewing = CancellationTokenSource.CreateLinkedTokenSource(killed);
        var renewal = RenewAsync(message, receipt, renewing.Token);
        try
        {
            return await invoke(message, body, killed);
        }
        finally
        {
            await renewing.CancelAsync();
            await renewal;
        }
    }

    private async Task SettleAsync(QueueMessage message, string receipt, bool isDone, CancellationToken killed)
    {
        if (isDone)
        {
            await queue.DeleteMessageAsync(message.MessageId, receipt, killed);
        }
        else if (poison is null)
        {
            // A poison queue has no poison queue: the message stays hidden until its lease ends.
        }
        else if (message.DequeueCount >= options.MaxDequeueCount || FindBody(message) is null)
        {
            await poison.CreateIfNotExistsAsync(cancellationToken: killed);
            await poison.SendMessageAsync(message.Body, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: killed);
            await queue.DeleteMessageAsync(message.MessageId, receipt, killed);
        }
        else
        {
            await queue.UpdateMessageAsync(message.MessageId, receipt, message.Body, options.VisibilityTimeout, killed);
        }
    }

    private async Task RenewAsync(QueueMessage message, Receipt receipt, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await Task.Delay(lease / 2, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return;
            }

            try
            {
                receipt.Value = (await queue.UpdateMessageAsync(
                    message.MessageId, receipt.Value, message.Body, lease, CancellationToken.None)).Value.PopReceipt;
            }
            catch (Exception fault) when (IsStorageFault(fault))
            {
                // Tried again after another half of the lease.
            }
        }
    }

    private byte[]? FindBody(QueueMessage message)
    {
        var text = message.Body.ToString();
        if (options.MessageEncoding == "none")
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var body = new byte[text.Length];

        return Convert.TryFromBase64String(text, body, out var length) ? body[..length] : null;
    }

    private static bool IsStorageFault(Exception fault) =>
        fault is RequestFailedException or AggregateException or HttpRequestException or TaskCanceledException;

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    /// <summary>Changes with every renewal.</summary>
    private sealed class Receipt(string value)
    {
        public string Value { get; set; } = value;
    }
}
