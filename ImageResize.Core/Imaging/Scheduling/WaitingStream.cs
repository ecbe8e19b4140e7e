namespace ImageResize.Core.Imaging.Scheduling;

/// <summary>A source that may be slow, as whoever counts a picture's time sees it: reading it is waiting.</summary>
internal sealed class WaitingStream(Stream source, ProcessingTime time) : Stream
{
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
        time.SetWaiting(true);
        try
        {
            return source.Read(buffer);
        }
        finally
        {
            time.SetWaiting(false);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => source.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
