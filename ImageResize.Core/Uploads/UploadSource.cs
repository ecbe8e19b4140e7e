using ImageResize.Core.Errors;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources;
using Microsoft.Extensions.Options;

namespace ImageResize.Core.Uploads;

/// <summary>Images that callers have uploaded: <c>upload://id</c>.</summary>
internal sealed class UploadSource(UploadReader uploads, IOptions<RegionOptions> regions) : ISource
{
    public const string Scheme = "upload://";

    public bool Owns(string source) => source.StartsWith(Scheme, StringComparison.Ordinal);

    public string Check(string source)
    {
        var id = Parse(source);

        return regions.Value.FindOther(id.Region) is { } other
            ? throw new RefusedException(ErrorCode.SourceNotFound, $"The upload was made in another region; what uses it is asked for at {other}")
            : Scheme + id;
    }

    public Task<Stream> OpenAsync(string source, CancellationToken cancellationToken) => OpenAsync(source, isWhole: false, cancellationToken);

    public Task<Stream> OpenWholeAsync(string source, CancellationToken cancellationToken) => OpenAsync(source, isWhole: true, cancellationToken);

    private async Task<Stream> OpenAsync(string source, bool isWhole, CancellationToken cancellationToken) =>
        await uploads.OpenAsync(Parse(source), isWhole, cancellationToken)
        ?? throw new RefusedException(ErrorCode.SourceNotFound, "The upload does not exist, or no longer.");

    private static UploadId Parse(string source) =>
        UploadId.TryParse(source[Scheme.Length..], out var id)
            ? id
            : throw new RefusedException(ErrorCode.InvalidSource, "An upload is spelled upload://id, with the id that it was given");
}
