using System.Runtime.ExceptionServices;
using ImageResize.Core.Imaging.Headers;
using NetVips;

namespace ImageResize.Core.Imaging.Vips;

/// <summary>
/// Lets libvips read a stream whose first bytes have been read already. libvips reports an exception of the stream as a bad image, so the
/// exception is kept here and thrown after libvips has returned.
/// </summary>
internal sealed class StreamSource : IDisposable
{
    /// <summary>
    /// More than any header has: the longest are those of TIFFs with the positions of a million strips, in two lists of 8 MB. A decoder
    /// that reads more searches a file for something that is not there.
    /// </summary>
    private const int MaxBytes = 32_000_000;

    private readonly ReadOnlyMemory<byte> _prefix;
    private readonly Stream _rest;
    private readonly long _start;
    private long _position;
    private long _bytesRead;
    private ExceptionDispatchInfo? _fault;

    public StreamSource(ReadOnlyMemory<byte> prefix, Stream rest)
    {
        (_prefix, _rest) = (prefix, rest);
        Source.OnRead += Read;
        if (rest.CanSeek)
        {
            _start = rest.Position - prefix.Length;
            Source.OnSeek += Seek;
        }
    }

    public SourceCustom Source { get; } = new();

    /// <summary>Throws the stream's exception, if there was one.</summary>
    public void ThrowFault() => _fault?.Throw();

    public void Dispose() => Source.Dispose();

    private int Read(byte[] buffer, int length)
    {
        try
        {
            var to = buffer.AsSpan(0, length);
            var read = _position < _prefix.Length ? ReadPrefix(to) : ReadRest(to);
            _position += read;
            _bytesRead += read;

            return _bytesRead <= MaxBytes ? read : throw ImageRefusal.TooMany("bytes before its pixels", MaxBytes);
        }
        catch (Exception fault)
        {
            // The caller is native code, which no exception may cross.
            _fault = ExceptionDispatchInfo.Capture(fault);
            return -1;
        }
    }

    private int ReadPrefix(Span<byte> to)
    {
        var left = _prefix.Span[(int)_position..];
        var length = Math.Min(left.Length, to.Length);
        left[..length].CopyTo(to);
        return length;
    }

    private int ReadRest(Span<byte> to)
    {
        if (_rest.CanSeek && _rest.Position != _start + _position)
        {
            _rest.Position = _start + _position;
        }

        return _rest.Read(to);
    }

    private long Seek(long offset, SeekOrigin origin)
    {
        try
        {
            var target = offset + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => _position,
                _ => _rest.Length - _start,
            };

            return target < 0 ? -1 : _position = target;
        }
        catch (Exception fault)
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
            return -1;
        }
    }
}
