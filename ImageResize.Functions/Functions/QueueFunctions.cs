using Azure.Storage.Queues.Models;
using ImageResize.Functions.Queue;
using Microsoft.Azure.Functions.Worker;

namespace ImageResize.Functions.Functions;

/// <summary>Queue triggers. A return deletes the message; an exception brings it back after host.json's <c>visibilityTimeout</c>.</summary>
internal sealed class QueueFunctions(PatientProcessor processor)
{
    [Function("ProcessWork")]
    public Task ProcessWorkAsync(
        [QueueTrigger(TriggerSources.WorkQueue, Connection = TriggerSources.Connection)] QueueMessage message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message.Body.ToMemory(), message.DequeueCount, cancellationToken);

    [Function("ProcessBulk")]
    public Task ProcessBulkAsync(
        [QueueTrigger(TriggerSources.BulkQueue, Connection = TriggerSources.Connection)] QueueMessage message, CancellationToken cancellationToken) =>
        processor.ProcessAsync(message.Body.ToMemory(), message.DequeueCount, cancellationToken);

    [Function("FailPoisoned")]
    public Task FailPoisonedAsync(
        [QueueTrigger(TriggerSources.WorkPoisonQueue, Connection = TriggerSources.Connection)] QueueMessage message, CancellationToken cancellationToken) =>
        processor.GiveUpAsync(message.Body.ToMemory(), cancellationToken);

    [Function("FailPoisonedBulk")]
    public Task FailPoisonedBulkAsync(
        [QueueTrigger(TriggerSources.BulkPoisonQueue, Connection = TriggerSources.Connection)] QueueMessage message, CancellationToken cancellationToken) =>
        processor.GiveUpAsync(message.Body.ToMemory(), cancellationToken);
}
