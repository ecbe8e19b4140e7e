using System.Diagnostics;
using ImageResize.Core.Jobs.Callbacks;
using Microsoft.Extensions.Logging;

namespace ImageResize.Core.Jobs;

/// <summary>What both hosts call for each message. Returns when the message is done with; throws when it is to come back.</summary>
public sealed partial class WorkProcessor(
    IJobStore jobs,
    IJobQueue queue,
    SliceProcessor slices,
    BatchLister lister,
    BatchWatch watch,
    CallbackDeliverer callbacks,
    ILogger<WorkProcessor> logger)
{
    public const string ActivitySourceName = "ImageResize";

    private const string FailedTooOften = "The job failed too often and was given up. Please try again later.";

    private static readonly ActivitySource Activities = new(ActivitySourceName);

    /// <param name="body">The message as it lay on the queue, decoded from base64.</param>
    /// <param name="delivery">How often it has been handed out, this time included.</param>
    public async Task ProcessAsync(ReadOnlyMemory<byte> body, long delivery, CancellationToken cancellationToken)
    {
        if (Find(body) is not { } message)
        {
            return;
        }

        using var activity = Activities.StartActivity($"process {message.Kind}", ActivityKind.Consumer, message.Trace);
        switch (message.Kind)
        {
            case WorkKind.Slice:
                await slices.ProcessAsync(message, delivery, cancellationToken);
                break;
            case WorkKind.List:
                await lister.ListAsync(message, cancellationToken);
                break;
            case WorkKind.Watch:
                await watch.WatchAsync(message, cancellationToken);
                break;
            case WorkKind.Callback:
                await callbacks.DeliverAsync(message, cancellationToken);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Takes a message from the poison queue, where a host puts what failed too often.</summary>
    public Task GiveUpAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        GiveUpAsync(body, FailedTooOften, cancellationToken);

    /// <param name="reason">For those who wait for its jobs.</param>
    public async Task GiveUpAsync(ReadOnlyMemory<byte> body, string reason, CancellationToken cancellationToken)
    {
        if (Find(body) is not { } message)
        {
            return;
        }

        switch (message.Kind)
        {
            case WorkKind.Slice:
                await slices.GiveUpAsync(message, reason, cancellationToken);
                break;
            case WorkKind.List when await jobs.FindBatchAsync(message.Batch, cancellationToken) is { Listing: not null } batch:
                await lister.FinishAsync(batch, cancellationToken);
                break;
            case WorkKind.Watch:
                // A batch's watch never ends before the batch does.
                await queue.PutAsync(message, BatchWatch.DelayBefore(message.Round), cancellationToken);
                break;
            case WorkKind.Callback:
                await callbacks.GiveUpAsync(message, cancellationToken);
                break;
            default:
                break;
        }
    }

    private WorkMessage? Find(ReadOnlyMemory<byte> body)
    {
        var message = WorkMessage.Find(body.Span);
        if (message is null)
        {
            LogNotOurs(body.Length);
        }

        return message;
    }

    [LoggerMessage(LogLevel.Warning, "A message of {Bytes} bytes is none of ours and is dropped")]
    private partial void LogNotOurs(int bytes);
}
