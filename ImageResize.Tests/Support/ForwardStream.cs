namespace ImageResize.Tests.Support;

/// <summary>As the web gives its bytes: forward only, a few at a time. Counts what was read, and can break.</summary>
internal sealed class ForwardStream(byte[] bytes, int atOnce = 1_000, int breaksAt = int.MaxValue) : Stream
{
    public int BytesRead { get; private set; }

    public bool IsClosed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (BytesRead >= breaksAt)
        {
            throw new IOException("The connection broke.");
        }

        var length = Math.Min(Math.Min(count, atOnce), bytes.Length - BytesRead);
        bytes.AsSpan(BytesRead, length).CopyTo(buffer.AsSpan(offset));
        BytesRead += length;
        return length;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsClosed = true;
        base.Dispose(disposing);
    }
}
