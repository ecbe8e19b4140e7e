using System.Runtime.CompilerServices;
using Azure.Storage.Blobs.Models;
using ImageResize.Core;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Storage;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Sources.Blobs;

/// <summary>Blobs that are not listed as images.</summary>
public sealed class SkippedBlobTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blob_is_judged_by_its_extension_and_then_by_its_content_type()
    {
        var rig = await BlobRig.CreateAsync(azurite.ConnectionString);
        await WriteAsync(rig, "a/._photo.jpg", [1], "image/jpeg");
        await WriteAsync(rig, "a/camera.nef", [1], "application/octet-stream");
        await WriteAsync(rig, "a/notes.txt", [1], "text/plain");
        await WriteAsync(rig, "a/photo", [1], "image/jpeg");
        await WriteAsync(rig, "a/photo.jpg", [1], "application/octet-stream");
        await WriteAsync(rig, "a/phone.HEIC", [1], "image/heic");
        await WriteAsync(rig, "a/unknown", [1], "application/octet-stream");

        (string, string?)[] expected =
        [
            ("a/._photo.jpg", "hidden"), ("a/camera.nef", "unsupported_format"), ("a/notes.txt", "unknown_extension"),
            ("a/phone.HEIC", "unsupported_format"), ("a/photo", null), ("a/photo.jpg", null), ("a/unknown", "unknown_extension"),
        ];
        Assert.Equal(expected, await rig.ListAllAsync("a/"));
        Assert.Equal(expected, await rig.ListAllAsync("**"));
    }

    [Fact]
    public async Task Blobs_that_are_marked_as_folders_are_not_images()
    {
        var rig = await BlobRig.CreateAsync(azurite.ConnectionString);
        await WriteAsync(rig, "a/b.jpg", [], "application/octet-stream", ("hdi_isfolder", "true"));
        await WriteAsync(rig, "a/c.jpg", [1], "image/jpeg", ("hdi_isfolder", "false"), ("other", "true"));

        Assert.Equal([("a/b.jpg", "folder_marker"), ("a/c.jpg", null)], await rig.ListAllAsync("a/"));
        Assert.Equal([("a/b.jpg", "folder_marker"), ("a/c.jpg", null)], await rig.ListAllAsync("**"));
    }

    /// <summary>Not from Azurite, which removes the slash.</summary>
    [Fact]
    public async Task Blobs_whose_names_end_in_a_slash_are_not_images()
    {
        var containers = new AllowedContainers(
            Options.Create(new BlobOptions { AllowedContainers = "photos" }), Options.Create(new ThumbnailOptions()));
        var source = new BlobSource(new FolderMarkers(), containers, SourcesServiceCollectionExtensions.NewImageFileFilter());

        var listed = await source.ListAsync("blob://photos/**".ToSource(), after: null, Token)
            .Select(file => (file.Source.Unredacted, file.SkipReason?.Name))
            .ToListAsync(Token);

        Assert.Equal([("blob://photos/a/", "folder_marker"), ("blob://photos/.b.jpg/", "folder_marker")], listed);
    }

    [Fact]
    public async Task Thumbnails_are_not_listed_at_all()
    {
        var rig = await BlobRig.CreateAsync(azurite.ConnectionString);
        await WriteAsync(rig, "resized/notes.txt", [1], "text/plain");

        Assert.Empty(await rig.ListAllAsync("**"));
    }

    private static async Task WriteAsync(
        BlobRig rig, string name, byte[] bytes, string type, params (string Key, string Value)[] metadata) =>
        await rig.Container.GetBlobClient(name).UploadAsync(
            BinaryData.FromBytes(bytes),
            new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = type },
                Metadata = metadata.ToDictionary(pair => pair.Key, pair => pair.Value),
            },
            Token);

    private sealed class FolderMarkers : IBlobStore
    {
        public Task<bool> ExistsAsync(BlobPath blob, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<bool> ContainerExistsAsync(string container, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<OpenedBlob?> FindAsync(BlobPath blob, bool isWhole, CancellationToken cancellationToken) =>
            Task.FromResult<OpenedBlob?>(null);

        public Task<string?> FindVersionAsync(BlobPath blob, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public async IAsyncEnumerable<ListedBlob> ListAsync(
            BlobPath folder, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            yield return new ListedBlob("a/", "application/octet-stream", IsFolderMarker: false);
            yield return new ListedBlob(".b.jpg/", "image/jpeg", IsFolderMarker: false);
        }
    }
}
