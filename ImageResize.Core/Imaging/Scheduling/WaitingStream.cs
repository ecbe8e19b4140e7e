namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>
/// Stops an image's clock and gives its place to others while the source is being read, because a slow source is not the image's fault.
/// </summary>
internal sealed class WaitingStream(Stream source, ProcessingTime time, MeasuringGate gate) : Stream
{
    private readonly bool _isInMemory = source is MemoryStream;

    public override bool CanRead => true;

    public override bool CanSeek => source.CanSeek;

    public override bool CanWrite => false;

    public override long Length => source.Length;

    public override long Position
    {
        get => source.Position;
        set => source.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_isInMemory)
        {
            return source.Read(buffer);
        }

        time.SetPaused(true);
        gate.Leave();
        try
        {
            return source.Read(buffer);
        }
        finally
        {
            gate.Reenter();
            time.SetPaused(false);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => source.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
