using ImageResize.Core.Identifiers;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Uploads;
using ImageResize.Functions.Http.Proxies;

namespace ImageResize.Functions.Http.Uploads;

/// <summary>An uploaded image in responses of <c>/v1</c>.</summary>
/// <param name="Source">The name that all endpoints accept as a source.</param>
public sealed record UploadReply(string Source, int Width, int Height, ImageFormat Format, long Bytes)
{
    public required DateTimeOffset UploadedAt { get; init; }

    /// <summary>The name of the file, if it was sent and kept.</summary>
    public string? Name { get; init; }

    internal static string AddressOf(UploadId id) => PublicPath.Of($"/v1/images/{id}");

    internal static UploadReply Of(Upload upload) =>
        new(upload.Source.Redacted, upload.Size.Width, upload.Size.Height, upload.Size.Format, upload.Bytes)
        {
            Name = upload.Name,
            UploadedAt = upload.Id.UploadedAt,
        };
}

/// <summary>A page of a caller's uploads, in the format of Azure's REST APIs.</summary>
public sealed record UploadPageReply(IReadOnlyList<UploadReply> Value, string? NextLink);
