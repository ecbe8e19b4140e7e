using System.Buffers;
using System.Net.Http.Headers;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ImageResize.Core.Errors;
using ImageResize.Core.Sources.Names;
using ImageResize.Core.Sources.Uploads;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>
/// Reads a blob by ranges of increasing length: a header takes one small request, and sequential reading few requests. A whole blob is
/// downloaded by a single request. All ranges are of the same version of the blob. The SDK's <c>OpenReadAsync</c> takes an extra request
/// for the length, and a fixed range length: either a header downloads megabytes, or a whole blob takes many requests.
/// Measured in docs/decisions/blob-reads.md.
/// </summary>
internal sealed class BlobStream : Stream, INamedImage
{
    /// <summary>Contains the size of most photos, which follows the preview that cameras embed.</summary>
    private const int FirstRange = 32 * 1024;

    private const int LongestRange = 4 * 1024 * 1024;
    private const int NotFound = 404;
    private const int PreconditionFailed = 412;

    private readonly BlobBaseClient _blob;
    private readonly ETag _version;

    /// <summary>The last range, and its position in the blob.</summary>
    private byte[] _range;
    private long _rangeStart;
    private int _rangeLength;

    /// <summary>The download of a whole blob; null for ranges and after a seek.</summary>
    private Stream? _download;

    private long _position;
    private int _nextRange = 2 * FirstRange;

    private BlobStream(BlobBaseClient blob, ETag version, long length, byte[] held, int rangeLength)
    {
        _blob = blob;
        _version = version;
        Length = length;
        _range = held;
        _rangeLength = rangeLength;
    }

    /// <summary>The ETag.</summary>
    public string Version => _version.ToString();

    /// <summary>As stored; empty if there is none.</summary>
    public string ContentEncoding { get; private init; } = "";

    /// <summary>The name that was stored with an upload.</summary>
    public string? ImageName { get; private init; }

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
                ReleaseDownload();
            }

            _position = value;
        }
    }

    /// <summary>Downloads the first range, or starts to download the whole blob.</summary>
    /// <returns>Null if the blob or its container does not exist.</returns>
    public static async Task<BlobStream?> FindAsync(BlobBaseClient blob, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            if (isWhole)
            {
                BlobDownloadStreamingResult whole = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken);
                return new BlobStream(blob, whole.Details.ETag, whole.Details.ContentLength, held: [], rangeLength: 0)
                {
                    _download = whole.Content,
                    ContentEncoding = whole.Details.ContentEncoding ?? "",
                    ImageName = StoredName.Find(whole.Details.Metadata),
                };
            }

            var options = new BlobDownloadOptions { Range = new HttpRange(0, FirstRange) };
            using BlobDownloadStreamingResult first = await blob.DownloadStreamingAsync(options, cancellationToken);
            var held = ArrayPool<byte>.Shared.Rent(FirstRange);
            var length = (int)Math.Min(FirstRange, first.Details.ContentLength);
            await first.Content.ReadExactlyAsync(held.AsMemory(0, length), cancellationToken);

            return new BlobStream(blob, first.Details.ETag, LengthOf(first.Details), held, length)
            {
                ContentEncoding = first.Details.ContentEncoding ?? "",
                ImageName = StoredName.Find(first.Details.Metadata),
            };
        }
        catch (RequestFailedException empty) when (empty.ErrorCode == BlobErrorCode.InvalidRange)
        {
            return new BlobStream(blob, default, length: 0, held: [], rangeLength: 0);
        }
        catch (RequestFailedException missing) when (missing.Status == NotFound)
        {
            return null;
        }
    }

    /// <exception cref="RequestFailedException">Storage is not available.</exception>
    /// <exception cref="SourceChangedException">The blob has been replaced or deleted.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _position >= Length)
        {
            return 0;
        }

        if (_download is not null)
        {
            var read = await _download.ReadAsync(buffer, cancellationToken);
            _position += read;

            return read > 0 ? read : throw new EndOfStreamException();
        }

        if (AvailableBytes() is { IsEmpty: false } held)
        {
            return CopyTo(held, buffer);
        }

        var range = (int)Math.Min(Length - _position, Math.Max(_nextRange, buffer.Length));
        _nextRange = Math.Min(LongestRange, 2 * _nextRange);
        // A small range is kept: libvips reads a TIFF's directory again after the header reader.
        if (range <= buffer.Length && range > FirstRange)
        {
            await FetchAsync(buffer[..range], cancellationToken);
            _position += range;

            return range;
        }

        await LoadRangeAsync(range, cancellationToken);

        return CopyTo(AvailableBytes(), buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Blocks the calling thread, because libvips reads synchronously.</summary>
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
        ReleaseDownload();
        Release();
        base.Dispose(disposing);
    }

    private static long LengthOf(BlobDownloadDetails details) =>
        details.ContentRange is { } range ? ContentRangeHeaderValue.Parse(range).Length!.Value : details.ContentLength;

    private ReadOnlyMemory<byte> AvailableBytes()
    {
        var from = _position - _rangeStart;

        return from >= 0 && from < _rangeLength ? _range.AsMemory((int)from, _rangeLength - (int)from) : default;
    }

    private int CopyTo(ReadOnlyMemory<byte> held, Memory<byte> buffer)
    {
        var length = Math.Min(held.Length, buffer.Length);
        held[..length].CopyTo(buffer);
        _position += length;

        return length;
    }

    private async Task LoadRangeAsync(int range, CancellationToken cancellationToken)
    {
        Release();
        _range = ArrayPool<byte>.Shared.Rent(range);
        await FetchAsync(_range.AsMemory(0, range), cancellationToken);
        (_rangeStart, _rangeLength) = (_position, range);
    }

    private async Task FetchAsync(Memory<byte> to, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(_position, to.Length),
            Conditions = new BlobRequestConditions { IfMatch = _version },
        };
        try
        {
            using BlobDownloadStreamingResult answer = await _blob.DownloadStreamingAsync(options, cancellationToken);
            await answer.Content.ReadExactlyAsync(to, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is PreconditionFailed or NotFound)
        {
            throw new SourceChangedException(changed);
        }
    }

    private void ReleaseDownload()
    {
        _download?.Dispose();
        _download = null;
    }

    private void Release()
    {
        if (_range.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_range);
        }

        (_range, _rangeLength) = ([], 0);
    }
}
