namespace ImageResize.Core.Jobs;

/// <summary>Where work waits. Messages never expire: a batch's retention ends them.</summary>
public interface IJobQueue
{
    /// <param name="delay">How long the message stays invisible; zero for at once.</param>
    Task PutAsync(WorkMessage message, TimeSpan delay, CancellationToken cancellationToken);
}
