using Azure.Storage.Queues.Models;
using ImageResize.Core.Messages;
using ImageResize.Core.Watches.Events;
using Microsoft.Azure.Functions.Worker;

namespace ImageResize.Functions.Functions;

/// <summary>Queue triggers. A return deletes the message; an exception brings it back after host.json's <c>visibilityTimeout</c>.</summary>
public sealed class QueueFunctions(MessageDispatcher messages, PoisonMessageHandler poison, WatchEvents events)
{
    [Function("ProcessWork")]
    public Task ProcessWorkAsync(
        [QueueTrigger(Triggers.WorkQueue, Connection = Triggers.Connection)] QueueMessage message, CancellationToken cancellationToken) =>
        messages.ProcessAsync(message.MessageText, message.DequeueCount, message.InsertedOn, cancellationToken);

    [Function("ProcessBulk")]
    public Task ProcessBulkAsync(
        [QueueTrigger(Triggers.BulkQueue, Connection = Triggers.Connection)] QueueMessage message, CancellationToken cancellationToken) =>
        messages.ProcessAsync(message.MessageText, message.DequeueCount, message.InsertedOn, cancellationToken);

    /// <remarks>Event Grid sends base64, and the Functions host passes messages on as they are.</remarks>
    [Function("ProcessEvents")]
    public Task ProcessEventsAsync(
        [QueueTrigger(Triggers.EventQueue, Connection = Triggers.Connection)] QueueMessage message, CancellationToken cancellationToken) =>
        events.ProcessAsync(message.MessageText, cancellationToken);

    [Function("FailPoisoned")]
    public Task FailPoisonedAsync(
        [QueueTrigger(Triggers.WorkPoisonQueue, Connection = Triggers.Connection)] QueueMessage message,
        CancellationToken cancellationToken) =>
        poison.GiveUpAsync(message.MessageText, cancellationToken);

    [Function("FailPoisonedBulk")]
    public Task FailPoisonedBulkAsync(
        [QueueTrigger(Triggers.BulkPoisonQueue, Connection = Triggers.Connection)] QueueMessage message,
        CancellationToken cancellationToken) =>
        poison.GiveUpAsync(message.MessageText, cancellationToken);
}
