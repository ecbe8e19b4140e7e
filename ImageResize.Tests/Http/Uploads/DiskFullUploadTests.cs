using ImageResize.Core.Identifiers;
using ImageResize.Core.Sources.Uploads;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http.Uploads;

public sealed class DiskFullUploadTests(Azurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Abuse", "27")]
    [Fact]
    public async Task A_request_that_needs_a_full_disk_gets_507_and_others_are_served()
    {
        await using var app = await RunningApp.StartAsync(
            azurite.ConnectionString, services => services.AddSingleton<IUploadStore>(new FullStore()));
        using var image = new ByteArrayContent(TestImages.Jpeg(40, 30));

        using var response = await app.Client.PostAsync("/v1/images", image, Token);

        Assert.Equal(507, (int)response.StatusCode);
        Assert.Contains("\"code\":\"disk_full\"", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await Eventually.Async(async () => (await app.GetAsync("/health/ready")).Status == 200);
    }

    private sealed class FullStore : IUploadStore
    {
        /// <summary>ENOSPC, as .NET reports it on Linux and macOS.</summary>
        private const int NoSpace = 28;

        public Task AddAsync(
            UploadId id,
            string contentType,
            IReadOnlyDictionary<string, string> properties,
            Stream content,
            CancellationToken cancellationToken) =>
            throw new IOException("No space left on device", NoSpace);

        public Task<UploadProperties?> FindPropertiesAsync(UploadId id, CancellationToken cancellationToken) =>
            Task.FromResult<UploadProperties?>(null);

        public Task SetPropertiesAsync(
            UploadId id, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<Stream?> FindAsync(UploadId id, bool isWhole, CancellationToken cancellationToken) => Task.FromResult<Stream?>(null);

        public IAsyncEnumerable<(UploadId Id, UploadProperties Stored)> ListAsync(
            OwnerTag owner, DateOnly day, UploadId? after, CancellationToken cancellationToken) =>
            AsyncEnumerable.Empty<(UploadId Id, UploadProperties Stored)>();

        public Task RemoveAsync(UploadId id, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<DateOnly>> DropDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<DateOnly>>([]);
    }
}
