using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace ImageResize.Functions.Http.Middleware;

/// <summary>
/// Memory into which Kestrel reads requests. Kestrel's own blocks of 4 KiB need two system calls each, two hundred for a photo. An idle
/// connection holds no block.
/// </summary>
internal sealed class LargeBlockMemoryPool : IMemoryPoolFactory<byte>
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

        /// <summary>Returns the array once only: an array returned twice would be rented to two owners.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
    }
}
