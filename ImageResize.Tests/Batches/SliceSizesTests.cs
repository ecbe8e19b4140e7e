using ImageResize.Core.Batches;

namespace ImageResize.Tests.Batches;

public sealed class SliceSizesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 1)]
    [InlineData(100, 5)]
    [InlineData(200, 100)]
    [InlineData(500, 100)]
    [InlineData(1_000_000, 100)]
    public void Slices_grow_with_the_batch(int jobs, int size) => Assert.Equal(size, SliceSizes.For(jobs));

    [Fact]
    public void No_slice_spans_two_blocks() =>
        Assert.All(Enumerable.Range(1, 3_000), jobs => Assert.Equal(0, SliceSizes.Block % SliceSizes.For(jobs)));
}
