using ImageResize.Functions.Http.Requests;
using ImageResize.Tests.Support;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http.Requests;

public sealed class RequestBlocksTests(Azurite azurite)
{
    [Fact]
    public async Task The_program_reads_requests_into_them()
    {
        await using var app = await RunningApp.StartAsync(azurite);

        Assert.IsType<RequestBlocks>(app.Services.GetRequiredService<IMemoryPoolFactory<byte>>());
    }

    [Fact]
    public void A_block_given_back_twice_is_lent_to_one()
    {
        using var pool = new RequestBlocks().Create();
        var block = pool.Rent();
        block.Dispose();
        block.Dispose();

        using var one = pool.Rent();
        using var other = pool.Rent();

        Assert.False(one.Memory.Span.Overlaps(other.Memory.Span));
        Assert.Throws<ObjectDisposedException>(() => block.Memory);
    }
}
