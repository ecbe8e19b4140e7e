using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace ImageResize.Functions.Http.Requests;

/// <summary>
/// What Kestrel reads requests into. Its own blocks hold 4 KiB and take two system calls each, two hundred for a photo; a connection that
/// says nothing holds none.
/// </summary>
internal sealed class RequestBlocks : IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 16 * 1024;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        public override int MaxBufferSize => BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);

            return new Block();
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class Block : IMemoryOwner<byte>
    {
        private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(BlockBytes);

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        /// <summary>Twice is once: a block given back twice would be lent to two.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
    }
}
