using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Jobs;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;

namespace ImageResize.Tests.Jobs;

public sealed class JobPartsTests : IDisposable
{
    private readonly JobRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Thumbnails_that_are_made_in_parts_keep_their_order()
    {
        _rig.Sources["large.bmp"] = TestImages.Bmp(3000, 2000);
        int[] widths = [3000, 2990, 2980, 20, 2970];
        var actions = new JobActions(
            Measure: true,
            [.. widths.Select(width => new ThumbnailAction(new ThumbnailSpec(width, 3000), $"_{width}"))]);

        var batch = await _rig.SubmitAsync("large.bmp", actions);
        await _rig.WorkAsync();

        var result = (await _rig.FindAsync(batch)).Result!;
        Assert.Equal(3000, result.Size!.Width);
        Assert.Equal(widths, result.Thumbnails!.Select(thumbnail => thumbnail.Width));
    }
}
