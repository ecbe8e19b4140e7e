using ImageResize.Core.Sources;

namespace ImageResize.Tests.Support;

/// <summary>Returns bytes as a network stream does, forward only and a few at a time. Counts the bytes read, and can fail.</summary>
internal sealed class ForwardStream(byte[] bytes, int atOnce = 1_000, int breaksAt = int.MaxValue) : ForwardOnlyStream
{
    public int BytesRead { get; private set; }

    public bool IsClosed { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (BytesRead >= breaksAt)
        {
            throw new IOException("The connection broke.");
        }

        var length = Math.Min(Math.Min(buffer.Length, atOnce), bytes.Length - BytesRead);
        bytes.AsMemory(BytesRead, length).CopyTo(buffer);
        BytesRead += length;

        return ValueTask.FromResult(length);
    }

    protected override void Dispose(bool disposing)
    {
        IsClosed = true;
        base.Dispose(disposing);
    }
}
