using ImageResize.Core.Jobs;

namespace ImageResize.Tests.Jobs;

public sealed class IdTests
{
    private static readonly DateTimeOffset Moment = new(2026, 11, 23, 23, 59, 59, 999, TimeSpan.Zero);

    [Fact]
    public void An_id_tells_when_it_was_made()
    {
        var id = BatchId.New(Moment);

        Assert.Equal(Moment, id.SubmittedAt);
        Assert.Equal(new DateOnly(2026, 11, 23), id.Day);
    }

    [Theory]
    [InlineData(0, "-70")]
    [InlineData(11, "-7b")]
    [InlineData(15, "-7f")]
    public void An_id_tells_the_region_where_it_was_made(int region, string shown)
    {
        var id = BatchId.New(Moment, region);

        Assert.True(BatchId.TryParse(id.ToString(), out var read));
        Assert.Equal((id, region, Moment), (read, read.Region, read.SubmittedAt));
        Assert.Equal(shown, id.ToString()[13..16]);
    }

    [Fact]
    public void Ids_are_read_back_as_written()
    {
        var only = new JobId(BatchId.New(Moment));
        var many = new JobId(BatchId.New(Moment), 1_234_567);

        Assert.True(JobId.TryParse(only.ToString(), out var onlyRead));
        Assert.True(JobId.TryParse(many.ToString(), out var manyRead));
        Assert.Equal((only, many), (onlyRead, manyRead));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no id")]
    [InlineData("019AB2C3-D4E5-7F60-8123-456789ABCDEF")]
    [InlineData("{019ab2c3-d4e5-7f60-8123-456789abcdef}")]
    [InlineData("019ab2c3d4e57f608123456789abcdef")]
    [InlineData("4f1c5f0e-3e0f-4b57-9d3b-0a1b2c3d4e5f")]
    [InlineData("019ab2c3-d4e5-7f60-c123-456789abcdef")]
    [InlineData("019ab2c3-d4e5-7f60-8123-456789abcdef-")]
    [InlineData("019ab2c3-d4e5-7f60-8123-456789abcdef-01")]
    [InlineData("019ab2c3-d4e5-7f60-8123-456789abcdef-+1")]
    [InlineData("019ab2c3-d4e5-7f60-8123-456789abcdef-99999999999")]
    [InlineData("019ab2c3-d4e5-7f60-8123-456789abcdef' or 1 eq 1")]
    [InlineData("019ab2c3-d4e5-7f60-8123-456789abcdef/")]
    [InlineData("019ab2c3-d4e5-7f60-8123-456789abcde\0")]
    [InlineData("٠19ab2c3-d4e5-7f60-8123-456789abcdef")]
    public void What_we_never_wrote_is_no_id(string text) => Assert.False(JobId.TryParse(text, out _));
}
