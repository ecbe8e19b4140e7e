using ImageResize.Core.Errors;
using ImageResize.Core.Memory;
using ImageResize.Core.Sources;

namespace ImageResize.Tests.Sources;

public sealed class SourceBytesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(200_000)]
    public async Task A_stream_is_read_whole(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);

        using var read = await SourceBytes.ReadAsync(
            new MemoryStream(bytes), limit: 200_000, new MemoryBudget(10_000_000), MemoryTurn.None, Token);

        Assert.Equal(bytes, read.Bytes.ToArray());
    }

    [Fact]
    public async Task One_byte_over_the_limit_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(
            () => SourceBytes.ReadAsync(
                new MemoryStream(new byte[200_001]), limit: 200_000, new MemoryBudget(10_000_000), MemoryTurn.None, Token));

        Assert.Equal(ErrorCode.SourceTooLarge, refusal.Code);
    }

    [Fact]
    public async Task A_refused_stream_releases_its_memory()
    {
        var memory = new MemoryBudget(1_000);
        await Assert.ThrowsAsync<IOException>(
            () => SourceBytes.ReadAsync(new BrokenStream(), limit: 200_000, memory, MemoryTurn.None, Token));

        using var all = await memory.ReserveAsync(1_000, MemoryTurn.None, Token);
    }

    private sealed class BrokenStream() : MemoryStream(new byte[1_000])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("broken");
    }
}
