using Microsoft.Extensions.Options;

namespace ImageResize.Core.Identifiers;

/// <summary>Creates ids, which contain the time and the region of their creation.</summary>
public sealed class IdMaker(IOptions<RegionOptions> regions, TimeProvider clock)
{
    public BatchId NewBatch() => BatchId.New(clock.GetUtcNow(), regions.Value.Number);

    public UploadId NewUpload() => UploadId.New(clock.GetUtcNow(), regions.Value.Number);
}
