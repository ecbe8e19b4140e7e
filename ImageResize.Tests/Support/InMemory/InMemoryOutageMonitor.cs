using ImageResize.Core.Messages;
using ImageResize.Core.Storage.Resilience;

namespace ImageResize.Tests.Support.InMemory;

/// <summary>Counts reported outages without pausing the receivers.</summary>
internal sealed class InMemoryOutageMonitor : IOutageMonitor
{
    public int Reports { get; private set; }

    public bool IsOutage(Exception fault) => StorageFault.IsTransient(fault);

    public void Report() => Reports++;
}
