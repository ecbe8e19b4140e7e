using System.Buffers;
using System.Net.Http.Headers;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>
/// A blob, read by ranges as they are needed: a small one first, each further one twice as long, so that a header costs few bytes and a
/// long way few requests. Who asks for much at once gets it by one request, and who reads all of it by a single one. All ranges are of one
/// version of the blob.
/// </summary>
internal sealed class BlobStream : Stream
{
    /// <summary>Most photos have their size in here, behind the small picture that cameras add.</summary>
    private const int FirstRange = 32 * 1024;

    private const int LongestRange = 4 * 1024 * 1024;

    private readonly BlobBaseClient _blob;
    private readonly ETag _version;

    /// <summary>What was read last and where it stands in the blob.</summary>
    private byte[] _held;
    private long _heldFrom;
    private int _heldLength;

    /// <summary>What is still on its way of a blob that is read to its end; none after a jump.</summary>
    private Stream? _coming;

    private long _position;
    private int _nextRange = 2 * FirstRange;

    private BlobStream(BlobBaseClient blob, ETag version, long length, byte[] held, int heldLength)
    {
        _blob = blob;
        _version = version;
        Length = length;
        _held = held;
        _heldLength = heldLength;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            if (value != _position)
            {
                ReleaseComing();
            }

            _position = value;
        }
    }

    /// <summary>Reads the first range, or asks for the whole blob.</summary>
    /// <returns>Null when there is no such blob or container.</returns>
    public static async Task<BlobStream?> FindAsync(BlobBaseClient blob, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            if (isWhole)
            {
                BlobDownloadStreamingResult whole = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken);
                return new BlobStream(blob, whole.Details.ETag, whole.Details.ContentLength, held: [], heldLength: 0)
                {
                    _coming = whole.Content,
                };
            }

            var options = new BlobDownloadOptions { Range = new HttpRange(0, FirstRange) };
            using BlobDownloadStreamingResult first = await blob.DownloadStreamingAsync(options, cancellationToken);
            var held = ArrayPool<byte>.Shared.Rent(FirstRange);
            var length = (int)Math.Min(FirstRange, first.Details.ContentLength);
            await first.Content.ReadExactlyAsync(held.AsMemory(0, length), cancellationToken);

            return new BlobStream(blob, first.Details.ETag, LengthOf(first.Details), held, length);
        }
        catch (RequestFailedException empty) when (empty.ErrorCode == BlobErrorCode.InvalidRange)
        {
            return new BlobStream(blob, default, length: 0, held: [], heldLength: 0);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <exception cref="RequestFailedException">Storage is away, or the blob is another by now.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _position >= Length)
        {
            return 0;
        }

        if (_coming is not null)
        {
            var read = await _coming.ReadAsync(buffer, cancellationToken);
            _position += read;

            return read > 0 ? read : throw new EndOfStreamException();
        }

        if (HeldHere() is { IsEmpty: false } held)
        {
            return Give(held, buffer);
        }

        var range = (int)Math.Min(Length - _position, Math.Max(_nextRange, buffer.Length));
        _nextRange = Math.Min(LongestRange, 2 * _nextRange);
        if (range <= buffer.Length)
        {
            await FetchAsync(buffer[..range], cancellationToken);
            _position += range;

            return range;
        }

        await HoldAsync(range, cancellationToken);

        return Give(HeldHere(), buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For libvips, which cannot wait in any other way than with its thread.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        ReleaseComing();
        Release();
        base.Dispose(disposing);
    }

    private static long LengthOf(BlobDownloadDetails details) =>
        details.ContentRange is { } range ? ContentRangeHeaderValue.Parse(range).Length!.Value : details.ContentLength;

    private ReadOnlyMemory<byte> HeldHere()
    {
        var from = _position - _heldFrom;

        return from >= 0 && from < _heldLength ? _held.AsMemory((int)from, _heldLength - (int)from) : default;
    }

    private int Give(ReadOnlyMemory<byte> held, Memory<byte> buffer)
    {
        var length = Math.Min(held.Length, buffer.Length);
        held[..length].CopyTo(buffer);
        _position += length;

        return length;
    }

    private async Task HoldAsync(int range, CancellationToken cancellationToken)
    {
        Release();
        _held = ArrayPool<byte>.Shared.Rent(range);
        await FetchAsync(_held.AsMemory(0, range), cancellationToken);
        (_heldFrom, _heldLength) = (_position, range);
    }

    private async Task FetchAsync(Memory<byte> to, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(_position, to.Length),
            Conditions = new BlobRequestConditions { IfMatch = _version },
        };
        using BlobDownloadStreamingResult answer = await _blob.DownloadStreamingAsync(options, cancellationToken);
        await answer.Content.ReadExactlyAsync(to, cancellationToken);
    }

    private void ReleaseComing()
    {
        _coming?.Dispose();
        _coming = null;
    }

    private void Release()
    {
        if (_held.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_held);
        }

        (_held, _heldLength) = ([], 0);
    }
}
