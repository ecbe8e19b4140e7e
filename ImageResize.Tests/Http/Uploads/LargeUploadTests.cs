using System.Net;
using System.Net.Http.Headers;
using ImageResize.Core.Sources;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Http.Uploads;

[Collection(WatchedMemoryTests.Name)]
public sealed class LargeUploadTests(Azurite azurite)
{
    private const int Length = 48_000_000;

    // A few blocks of 4 MiB between the caller and storage.
    private const long MostBytes = 20_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_upload_is_never_whole_in_memory()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var memory = new WatchedMemory();
        using var content = new StreamContent(new GrowingImage(TestImages.Jpeg(), Length, memory));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");

        using var response = await app.Client.PostAsync("/v1/images", content, Token);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        memory.AssertWithin(MostBytes);
    }

    /// <summary>An image followed by generated zeros. Measures the memory while it is read.</summary>
    private sealed class GrowingImage(byte[] image, int length, WatchedMemory memory) : ForwardOnlyStream
    {
        private const int LooksEvery = 5_000_000;

        private int _position;
        private int _nextLook;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_position >= _nextLook)
            {
                memory.Look();
                _nextLook += LooksEvery;
            }

            var given = Math.Min(buffer.Length, length - _position);
            var to = buffer.Span[..given];
            to.Clear();
            image.AsSpan()[Math.Min(_position, image.Length)..Math.Min(_position + given, image.Length)].CopyTo(to);
            _position += given;

            return ValueTask.FromResult(given);
        }
    }
}
