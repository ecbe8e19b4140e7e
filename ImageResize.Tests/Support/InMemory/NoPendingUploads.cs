using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources.Uploads;

namespace ImageResize.Tests.Support.InMemory;

/// <summary>For uploads that are all sent to the program.</summary>
internal sealed class NoPendingUploads : IPendingUploads
{
    public Task<bool> AcceptAsync(UploadId id, CancellationToken cancellationToken) => Task.FromResult(false);
}
