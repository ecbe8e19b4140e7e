using ImageResize.Core.Errors;
using ImageResize.Core.Sources;

namespace ImageResize.Tests.Sources;

public sealed class TemporaryCopyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_of_unknown_length_is_copied()
    {
        var bytes = new byte[200_000];
        new Random(1).NextBytes(bytes);

        await using var copy = await TemporaryCopy.CreateAsync(new MemoryStream(bytes), limit: 200_000, Token);
        var read = new byte[copy.Length];
        await copy.ReadExactlyAsync(read, Token);

        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task One_byte_over_the_limit_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(
            () => TemporaryCopy.CreateAsync(new MemoryStream(new byte[200_001]), limit: 200_000, Token));

        Assert.Equal(ErrorCode.SourceTooLarge, refusal.Code);
    }

    [Fact]
    public async Task No_file_is_left_behind_by_a_process_that_is_killed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows closes the files of a process that ends.");

        await using var copy = await TemporaryCopy.CreateAsync(new MemoryStream([1, 2, 3]), limit: 10, Token);

        Assert.False(File.Exists(Assert.IsType<FileStream>(copy).Name));
    }
}
