using System.IO.Compression;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources;

namespace ImageResize.Tests.Sources;

public sealed class SourceBytesTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1_000, true)]
    [InlineData(200_000, true)]
    [InlineData(200_000, false)]
    public async Task A_stream_is_read_whole(int length, bool seekable)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);

        using var read = await SourceBytes.ReadAsync(
            Open(bytes, seekable), limit: 200_000, await RoomAsync(), TestContext.Current.CancellationToken);

        Assert.Equal(bytes, read.Bytes.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_byte_over_the_limit_is_refused(bool seekable)
    {
        using var room = await RoomAsync();

        var refusal = await Assert.ThrowsAsync<RefusedException>(
            () => SourceBytes.ReadAsync(Open(new byte[200_001], seekable), limit: 200_000, room, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.SourceTooLarge.Name, refusal.Code.Name);
    }

    private static Task<SourceMemory.Room> RoomAsync() => new SourceMemory(10_000_000).EnterAsync(TestContext.Current.CancellationToken);

    private static Stream Open(byte[] bytes, bool seekable) =>
        seekable ? new MemoryStream(bytes) : new BrotliStream(Compressed(bytes), CompressionMode.Decompress);

    private static MemoryStream Compressed(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var brotli = new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(bytes);
        }

        packed.Position = 0;

        return packed;
    }
}
