using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.Core.Sources.Names;
using ImageResize.Core.Sources.Uploads;

namespace ImageResize.Core.Uploads;

/// <summary>Finds stored uploads. Each is measured once; its size is stored with it.</summary>
internal sealed class UploadReader(UploadSource uploads, IUploadStore store, GuardedThumbnailer thumbnailer)
{
    public bool IsExpired(UploadId id) => uploads.IsExpired(id);

    /// <returns>Null if the upload does not exist or has expired.</returns>
    /// <exception cref="RefusedException">The stored bytes are not an image that can be read.</exception>
    public async Task<Upload?> FindAsync(UploadId id, CancellationToken cancellationToken)
    {
        if (await uploads.FindPropertiesAsync(id, cancellationToken) is not { } stored)
        {
            return null;
        }

        return Upload.Of(id, stored) ?? await MeasureAsync(id, cancellationToken);
    }

    /// <summary>Measures a stored upload, and stores its size.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<Upload?> MeasureAsync(UploadId id, CancellationToken cancellationToken)
    {
        await using var stream = await uploads.FindAsync(id, isWhole: false, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        var size = await thumbnailer.MeasureAsync(stream, cancellationToken);
        var name = (stream as INamedImage)?.ImageName;
        await store.SetPropertiesAsync(id, StoredName.AddTo(StoredSize.Write(size), name), cancellationToken);

        return new Upload(id, size, stream.Length) { Name = name };
    }
}
