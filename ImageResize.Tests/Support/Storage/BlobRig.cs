using Azure.Storage.Blobs;
using ImageResize.Core;
using ImageResize.Core.Sources;
using ImageResize.Core.Sources.Blobs;
using ImageResize.Core.Sources.Thumbnails;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Support.Storage;

/// <summary>A container in Azurite and a blob source that may read it.</summary>
internal sealed class BlobRig
{
    private BlobRig(BlobServiceClient service, string name, string output)
    {
        var containers = new AllowedContainers(
            Options.Create(new BlobOptions { AllowedContainers = name }),
            Options.Create(new ThumbnailOptions { OutputContainer = output }));
        Service = service;
        Name = name;
        var blobs = new AccountBlobs(service);
        Source = new BlobSource(blobs, containers, SourcesServiceCollectionExtensions.NewImageFileFilter());
        Thumbnails = new BlobThumbnails(service, blobs, containers, TimeProvider.System);
    }

    public BlobServiceClient Service { get; }

    public string Name { get; }

    public BlobContainerClient Container => Service.GetBlobContainerClient(Name);

    public BlobSource Source { get; }

    public BlobThumbnails Thumbnails { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<BlobRig> CreateAsync(string connectionString, string output = "") =>
        CreateAsync(StorageAccount.ByConnectionString(connectionString).OpenBlobs(), output);

    public static async Task<BlobRig> CreateAsync(BlobServiceClient service, string output = "")
    {
        var rig = new BlobRig(service, Azurite.UniquePrefix(), output);
        await rig.Container.CreateAsync(cancellationToken: Token);

        return rig;
    }

    public SourceUri Place(string name) => new("blob", $"{Name}/{name}");

    public Task WriteAsync(string name, byte[] bytes) =>
        Container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);

    public async Task WriteAsync(IEnumerable<string> names, byte[] bytes) => await Parallel.ForEachAsync(
        names,
        new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
        async (name, token) => await Container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, token));

    /// <summary>Lists the images of a folder and returns their names without the container.</summary>
    public async Task<List<string>> ListAsync(string folder, string? after = null) =>
        [.. (await ListAllAsync(folder, after)).Where(file => file.Reason is null).Select(file => file.Name)];

    /// <summary>Lists all blobs of a folder, and the reasons why they are left out.</summary>
    public async Task<List<(string Name, string? Reason)>> ListAllAsync(string folder, string? after = null) =>
        await Source.ListAsync(Source.Normalize(Place(folder)), after is null ? null : Place(after), Token)
            .Select(file => (file.Source.Path[Place("").Path.Length..], file.SkipReason?.Name))
            .ToListAsync(Token);
}
