using ImageResize.Core.Errors;
using ImageResize.Core.Sources;

namespace ImageResize.Core.Uploads;

/// <summary>An upload whose first bytes have been read already. Reading past the limit throws.</summary>
internal sealed class UploadStream(ReadOnlyMemory<byte> start, Stream rest, int maxBytes) : ForwardOnlyStream
{
    private ReadOnlyMemory<byte> _start = start;
    private long _count;

    /// <exception cref="RefusedException">The upload is larger than the limit.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _start.IsEmpty ? await rest.ReadAsync(buffer, cancellationToken) : ReadStart(buffer.Span);
        _count += read;

        return _count <= maxBytes
            ? read
            : throw new RefusedException(ErrorCode.SourceTooLarge, $"The upload is larger than {maxBytes} bytes.");
    }

    private int ReadStart(Span<byte> buffer)
    {
        var length = Math.Min(_start.Length, buffer.Length);
        _start.Span[..length].CopyTo(buffer);
        _start = _start[length..];

        return length;
    }
}
