namespace ImageResize.Core.Messages;

/// <summary>Knows whether storage is unavailable.</summary>
public interface IOutageMonitor
{
    /// <summary>Whether the fault means that storage is unavailable or busy, so that the same work can succeed later.</summary>
    bool IsOutage(Exception fault);

    /// <summary>Stops this process from receiving messages until storage responds again.</summary>
    void Report();
}
