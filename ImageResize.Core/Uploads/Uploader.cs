using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Headers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Uploads;

/// <summary>
/// Takes an image in as it arrives. What is no image by its first bytes is not stored at all; what then turns out too large or unreadable
/// does not stay.
/// </summary>
public sealed class Uploader(IUploadStore store, UploadReader reader, IdMaker ids, IOptions<UploadOptions> options)
{
    /// <exception cref="SourceRefusedException">Empty, or too many bytes.</exception>
    /// <exception cref="ImageRefusedException">No image that we read. What the content throws goes through.</exception>
    public async Task<Upload> AddAsync(Stream content, CancellationToken cancellationToken)
    {
        var start = new byte[FormatSniffer.PrefixLength];
        var length = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == 0)
        {
            throw new SourceRefusedException(SourceRefusal.Empty, "The upload is empty.");
        }

        var format = FormatSniffer.Sniff(start.AsSpan(0, length));
        var id = ids.NewUpload();
        await using var image = new UploadStream(start.AsMemory(0, length), content, options.Value.MaxBytes);
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

    public async Task RemoveAsync(IEnumerable<Upload> uploads)
    {
        foreach (var upload in uploads)
        {
            await store.RemoveAsync(upload.Id, CancellationToken.None);
        }
    }
}
