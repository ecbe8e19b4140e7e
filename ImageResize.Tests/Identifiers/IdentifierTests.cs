using ImageResize.Core.Identifiers;

namespace ImageResize.Tests.Identifiers;

public sealed class IdentifierTests
{
    private static readonly DateTimeOffset CreationTime = new(2026, 11, 23, 23, 59, 59, 999, TimeSpan.Zero);

    [Fact]
    public void An_id_contains_the_time_of_its_creation()
    {
        var id = BatchId.New(CreationTime);

        Assert.Equal(CreationTime, id.SubmittedAt);
        Assert.Equal(new DateOnly(2026, 11, 23), id.Day);
    }

    [Theory]
    [InlineData(0, "-80")]
    [InlineData(11, "-8b")]
    [InlineData(15, "-8f")]
    public void An_id_contains_the_region_that_created_it(int region, string shown)
    {
        var id = BatchId.New(CreationTime, region);

        Assert.True(BatchId.TryParse(id.ToString(), out var read));
        Assert.Equal((id, region, CreationTime), (read, read.Region, read.SubmittedAt));
        Assert.Equal(shown, id.ToString()[13..16]);
    }

    [Fact]
    public void An_id_contains_the_caller_that_created_it()
    {
        var id = BatchId.New(CreationTime, region: 15, OwnerTag.Of("shop"));

        Assert.True(BatchId.TryParse(id.ToString(), out var read));
        Assert.Equal((OwnerTag.Of("shop"), 15, CreationTime), (read.Owner, read.Region, read.SubmittedAt));
        Assert.NotEqual(OwnerTag.Of("printer"), read.Owner);
    }

    [Fact]
    public void Ids_of_one_caller_and_moment_differ() =>
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => BatchId.New(CreationTime, 1, OwnerTag.Of("shop"))).Distinct().Count());

    [Fact]
    public void Parsing_reverses_formatting()
    {
        var only = new JobId(BatchId.New(CreationTime));
        var many = new JobId(BatchId.New(CreationTime), 1_234_567);

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
    public void Other_forms_of_text_are_not_ids(string text) => Assert.False(JobId.TryParse(text, out _));
}
