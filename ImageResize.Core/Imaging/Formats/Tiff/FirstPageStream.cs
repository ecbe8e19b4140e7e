namespace ImageResize.Core.Imaging.Formats.Tiff;

/// <summary>
/// A TIFF whose first directory refers to no other. libvips would read the directories of all pages to count them: ten microseconds for
/// each of hundreds of thousands.
/// </summary>
internal sealed class FirstPageStream : Stream
{
    private readonly Stream _tiff;
    private readonly long _zerosAt;
    private readonly int _zeros;

    private FirstPageStream(ReadOnlyMemory<byte> prefix, Stream rest, long pointerAt, int pointerLength)
    {
        (_tiff, _zerosAt, _zeros) = (rest, rest.Position - prefix.Length + pointerAt, pointerLength);
        var changed = prefix.ToArray();
        Clear(changed, rest.Position - prefix.Length);
        Prefix = changed;
    }

    /// <summary>The first bytes of the file, which are before the position of this stream.</summary>
    public ReadOnlyMemory<byte> Prefix { get; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _tiff.Length;

    public override long Position
    {
        get => _tiff.Position;
        set => _tiff.Position = value;
    }

    /// <param name="rest">Positioned after the prefix. Stays open.</param>
    /// <param name="directory">As from <see cref="TiffDirectory.ReadFirst"/>.</param>
    public static FirstPageStream Of(ReadOnlyMemory<byte> prefix, Stream rest, ReadOnlySpan<byte> directory)
    {
        var layout = TiffLayout.Of(prefix.Span);

        return TiffDirectory.FindLength(directory, layout) is { } length
            ? new FirstPageStream(prefix, rest, (long)layout.Number(prefix.Span[layout.DirectoryAt..], layout.Word) + length, layout.Word)
            : new FirstPageStream(prefix, rest, pointerAt: 0, pointerLength: 0);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var position = _tiff.Position;
        var read = _tiff.Read(buffer);
        Clear(buffer[..read], position);

        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => _tiff.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <param name="start">The position of the first byte in the file.</param>
    private void Clear(Span<byte> bytes, long start)
    {
        var (from, to) = (Math.Max(_zerosAt - start, 0), Math.Min(_zerosAt + _zeros - start, bytes.Length));
        if (from < to)
        {
            bytes[(int)from..(int)to].Clear();
        }
    }
}
