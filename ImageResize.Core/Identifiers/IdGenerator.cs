using Microsoft.Extensions.Options;

namespace ImageResize.Core.Identifiers;

/// <summary>Creates ids, which contain the time, the region and the caller of their creation.</summary>
public sealed class IdGenerator(IOptions<RegionOptions> regions, TimeProvider clock)
{
    public BatchId NewBatch() => BatchId.New(clock.GetUtcNow(), regions.Value.Number, CurrentCaller.Tag);

    public UploadId NewUpload() => UploadId.New(clock.GetUtcNow(), regions.Value.Number, CurrentCaller.Tag);
}
