using System.Buffers;
using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Uploads;

/// <summary>
/// Takes an image in as it arrives. What is no image by its first bytes is not stored at all; what then turns out too large or unreadable
/// does not stay.
/// </summary>
public sealed class Uploader(
    IUploadStore store,
    UploadReader reader,
    GuardedThumbnailer thumbnailer,
    IdMaker ids,
    IOptions<UploadOptions> options)
{
    /// <summary>Uploads below it, most photos, are measured before they are stored. Each upload on its way holds as much.</summary>
    private const int InMemory = 1024 * 1024;

    /// <exception cref="RefusedException">Empty, or too many bytes.</exception>
    /// <exception cref="RefusedException">No image that we read. What the content throws goes through.</exception>
    public async Task<Upload> AddAsync(Stream content, CancellationToken cancellationToken)
    {
        var prefix = new byte[ImageFormats.PrefixLength];
        var length = await content.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == 0)
        {
            throw new RefusedException(ErrorCode.SourceEmpty, "The upload is empty.");
        }

        var format = ImageFormats.Recognize(prefix.AsSpan(0, length));
        await using var image = new UploadStream(prefix.AsMemory(0, length), content, options.Value.MaxBytes);
        var start = ArrayPool<byte>.Shared.Rent(InMemory);
        try
        {
            length = await image.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);

            return length < start.Length
                ? await AddHeldAsync(format, start, length, cancellationToken)
                : await AddLongAsync(format, new UploadStream(start, image, int.MaxValue), cancellationToken);
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

    private async Task<Upload> AddHeldAsync(ImageFormat format, byte[] held, int length, CancellationToken cancellationToken)
    {
        await using var image = new MemoryStream(held, 0, length, writable: false);
        var size = await thumbnailer.MeasureAsync(image, cancellationToken);
        image.Position = 0;
        var id = ids.NewUpload();
        await store.AddAsync(id, format, image, cancellationToken);

        return new Upload(id, size, length);
    }

    private async Task<Upload> AddLongAsync(ImageFormat format, Stream image, CancellationToken cancellationToken)
    {
        var id = ids.NewUpload();
        await store.AddAsync(id, format, image, cancellationToken);

        try
        {
            // From the store and by ranges: a header may stand at the end, and then all would have to be kept until there.
            return await reader.FindAsync(id, cancellationToken)
                ?? throw new InvalidOperationException($"The upload {id} is not where it was put.");
        }
        catch
        {
            await store.RemoveAsync(id, CancellationToken.None);
            throw;
        }
    }
}
