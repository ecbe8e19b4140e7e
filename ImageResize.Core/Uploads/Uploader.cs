using System.Buffers;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Sources.Names;
using ImageResize.Core.Sources.Uploads;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Uploads;

/// <summary>
/// Stores an image while it arrives. Bytes that do not start like an image are not stored at all; an image that turns out to be too large
/// or unreadable is removed again.
/// </summary>
internal sealed class Uploader(
    IUploadStore store,
    UploadReader reader,
    GuardedThumbnailer thumbnailer,
    IdGenerator ids,
    IOptions<UploadOptions> options,
    IOptions<ImagingOptions> imaging)
{
    /// <summary>
    /// Smaller uploads, such as most photos, are measured before they are stored. Each running upload holds this much memory.
    /// </summary>
    private const int BufferBytes = 1024 * 1024;

    /// <param name="name">The name of the file, if its caller sent it.</param>
    /// <exception cref="RefusedException">The content is empty, too large, or not an image that can be read.</exception>
    public async Task<Upload> AddAsync(Stream content, string? name, CancellationToken cancellationToken)
    {
        var prefix = new byte[ImageFormats.PrefixLength];
        var length = await content.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == 0)
        {
            throw new RefusedException(ErrorCode.SourceEmpty, "The upload is empty.");
        }

        var contentType = ImageFormats.Recognize(prefix.AsSpan(0, length)).GetContentType();
        name = ImageName.Clean(name);
        await using var image = new UploadStream(prefix.AsMemory(0, length), content, options.Value.MaxBytes);
        var start = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            length = await image.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);

            return length < start.Length
                ? await AddSmallAsync(contentType, name, new ArraySegment<byte>(start, 0, length), cancellationToken)
                : await AddLargeAsync(contentType, name, new UploadStream(start, image, int.MaxValue), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(start);
        }
    }

    public async Task RemoveAsync(IEnumerable<Upload> uploads)
    {
        foreach (var upload in uploads)
        {
            await store.RemoveAsync(upload.Id, CancellationToken.None);
        }
    }

    private async Task<Upload> AddSmallAsync(
        string contentType, string? name, ArraySegment<byte> content, CancellationToken cancellationToken)
    {
        await using var image = new MemoryStream(content.Array!, content.Offset, content.Count, writable: false);
        var size = await thumbnailer.MeasureAsync(image, cancellationToken);
        PixelLimit.Ensure(size, imaging.Value);
        image.Position = 0;
        var id = ids.NewUpload();
        await store.AddAsync(id, contentType, StoredName.AddTo(StoredSize.Write(size), name), image, cancellationToken);

        return new Upload(id, size, content.Count) { Name = name };
    }

    private async Task<Upload> AddLargeAsync(string contentType, string? name, Stream image, CancellationToken cancellationToken)
    {
        var id = ids.NewUpload();
        await store.AddAsync(id, contentType, StoredName.AddTo(StoredSize.Unknown, name), image, cancellationToken);

        try
        {
            // Measured from the store, by ranges: a header may be at the end of the file, and would need all of it in memory here.
            var upload = await reader.MeasureAsync(id, cancellationToken)
                ?? throw new InvalidOperationException($"The upload {id} was stored and cannot be found.");
            PixelLimit.Ensure(upload.Size, imaging.Value);

            return upload;
        }
        catch
        {
            await store.RemoveAsync(id, CancellationToken.None);
            throw;
        }
    }
}
