using ImageResize.Functions.Http.Middleware;
using ImageResize.Tests.Support;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http.Middleware;

public sealed class LargeBlockMemoryPoolTests(Azurite azurite)
{
    [Fact]
    public async Task Kestrel_rents_its_blocks_from_the_pool()
    {
        await using var app = await RunningApp.StartAsync(azurite);

        Assert.IsType<LargeBlockMemoryPool>(app.Services.GetRequiredService<IMemoryPoolFactory<byte>>());
    }

    [Fact]
    public void A_block_returned_twice_is_rented_once()
    {
        using var pool = new LargeBlockMemoryPool().Create();
        var block = pool.Rent();
        block.Dispose();
        block.Dispose();

        using var one = pool.Rent();
        using var other = pool.Rent();

        Assert.False(one.Memory.Span.Overlaps(other.Memory.Span));
        Assert.Throws<ObjectDisposedException>(() => block.Memory);
    }
}
