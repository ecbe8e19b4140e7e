using ImageResize.Core.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Jobs;

/// <summary>Makes ids, which tell when and in which region they were made.</summary>
public sealed class IdMaker(IOptions<RegionOptions> regions, TimeProvider clock)
{
    public BatchId NewBatch() => BatchId.New(clock.GetUtcNow(), regions.Value.Number);

    public UploadId NewUpload() => UploadId.New(clock.GetUtcNow(), regions.Value.Number);
}
