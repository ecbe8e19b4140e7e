using System.IO.Compression;
using System.Text;
using ImageResize.Client;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Web;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Clients;

/// <summary>The .NET client library.</summary>
public sealed class ClientLibraryTests(Azurite azurite)
{
    private static readonly ThumbnailOptions Small = new()
    {
        Width = 40,
        Height = 40,
        Fit = ThumbnailFit.Cover,
        Format = ThumbnailFormat.Webp,
        Metadata = [ThumbnailMetadata.Copyright, ThumbnailMetadata.ColourProfile],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Images_are_measured_and_become_thumbnails_in_the_same_answer()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var client = ClientOf(app);
        app.Images.Write("a.jpg", TestImages.Jpeg());
        using var image = new MemoryStream(TestImages.Png());

        Assert.Equal(new ImageSize(400, 300, 1, "jpeg"), await client.MeasureAsync("a.jpg", Token));
        Assert.Equal(new ImageSize(400, 300, 1, "png"), await client.MeasureAsync(image, Token));
        image.Position = 0;
        var ofSource = await client.MakeThumbnailAsync("a.jpg", Small, Token);
        var ofImage = await client.MakeThumbnailAsync(image, Small, Token);
        foreach (var made in new[] { ofSource, ofImage })
        {
            using var thumbnail = Picture.Of(made.Bytes.ToArray());
            Assert.Equal((40, 40, "image/webp"), (thumbnail.Width, thumbnail.Height, made.ContentType));
            Assert.Equal((40, 40), (made.Width, made.Height));
        }

        Assert.True((await client.GetHealthAsync(Token)).IsReady);
    }

    [Fact]
    public async Task The_state_of_each_dependency_is_read_with_the_admin_key()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var options = new ImageResizeClientOptions { Address = app.Client.BaseAddress!, Key = Secrets.AdminKey };
        using var client = new ImageResizeClient(options);

        var health = await client.GetHealthAsync(Token);

        Assert.True(health.IsReady);
        Assert.NotEmpty(health.Parts!);
        Assert.All(health.Parts!.Values, part => Assert.Equal(("works", null), (part.State, part.Reason)));
    }

    [Fact]
    public async Task An_uploaded_image_becomes_a_job_with_a_size_and_a_thumbnail()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var client = ClientOf(app);
        using var image = new MemoryStream(TestImages.Jpeg());

        var upload = await client.UploadAsync(image, Token);
        var job = await client.SubmitJobAsync(upload.Source, [JobAction.Measure, JobAction.MakeThumbnail(Small)], cancellationToken: Token);
        var ended = await client.WaitForJobAsync(job.Id, Token);

        Assert.Equal(upload, await client.FindUploadAsync(upload.Source, Token));
        Assert.Null(await client.FindUploadAsync("upload://unknown", Token));
        Assert.Equal((JobState.Succeeded, upload.Source, new ImageSize(400, 300, 1, "jpeg")), (ended.State, ended.Source, ended.Size));
        using var thumbnail = new MemoryStream();
        await client.DownloadThumbnailAsync(job.Id, 0, thumbnail, Token);
        Assert.Equal(Assert.Single(ended.Thumbnails!).Bytes, thumbnail.Length);
    }

    [Fact]
    public async Task A_batch_is_followed_to_its_end_and_its_failed_jobs_are_repeated()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var client = ClientOf(app);
        app.Images.Write("folder/a.jpg", TestImages.Jpeg());
        app.Images.Write("folder/b.png", TestImages.Png());
        var submission = new BatchSubmission
        {
            Name = "spring & summer",
            Items = [new BatchItem("folder/"), new BatchItem("late.jpg") { Actions = [JobAction.Measure] }],
            Actions = [JobAction.MakeThumbnail(Small)],
        };

        var batch = await client.SubmitBatchAsync(submission, "key-1", Token);
        var repeated = await client.SubmitBatchAsync(submission, "key-1", Token);
        var ended = await client.WaitForBatchAsync(batch.Id, Token);
        var failed = await client.ListJobsAsync(batch.Id, JobState.Failed, Token).ToListAsync(Token);
        app.Images.Write("late.jpg", TestImages.Jpeg());
        var retried = await client.WaitForBatchAsync((await client.RetryBatchAsync(batch.Id, cancellationToken: Token)).Id, Token);

        Assert.Equal(batch.Id, repeated.Id);
        Assert.Equal(
            ("spring & summer", BatchState.Completed, new BatchCounts(0, 2, 1, 0), true),
            (ended.Name, ended.State, ended.Counts, ended.IsOver));
        Assert.Equal("source_not_found", Assert.Single(failed).Error!.Code);
        Assert.Equal((batch.Id, new BatchCounts(0, 1, 0, 0)), (retried.RetryOf, retried.Counts));
        using var archive = new MemoryStream();
        await client.DownloadThumbnailsAsync(batch.Id, archive, Token);
        var entries = new ZipArchive(archive).Entries.Select(entry => entry.Name).ToList();
        Assert.Equal(3, entries.Count);
        Assert.Contains("failures.csv", entries);
    }

    [Fact]
    public async Task A_batch_is_canceled()
    {
        await using var app = await RunningApp.StartAsync(azurite, "--ImageResize:Role=Api");
        using var client = ClientOf(app);
        app.Images.Write("a.jpg", TestImages.Jpeg());
        var batch = await client.SubmitBatchAsync(
            new BatchSubmission { Items = [new BatchItem("a.jpg")], Actions = [JobAction.Measure] }, cancellationToken: Token);

        var canceled = await client.CancelBatchAsync(batch.Id, Token);

        Assert.Equal((BatchState.Canceled, new BatchCounts(0, 0, 0, 1)), (canceled.State, canceled.Counts));
    }

    [Fact]
    public async Task Errors_have_the_code_of_the_API()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        using var client = ClientOf(app);
        using var stranger = new ImageResizeClient(
            new ImageResizeClientOptions { Address = app.Client.BaseAddress!, Key = "wrong-key-wrong-key" });
        using var lost = new ImageResizeClient(
            new ImageResizeClientOptions { Address = new Uri("http://127.0.0.1:1"), MaxRetryTime = TimeSpan.Zero });

        var invalid = await FailureOf(() => client.MakeThumbnailAsync("a.jpg", new ThumbnailOptions { Width = 5_000 }, Token));
        var items = await FailureOf(() => client.SubmitBatchAsync(new BatchSubmission { Items = [new BatchItem("a.jpg")] }, null, Token));

        Assert.Equal("invalid_request", invalid.Code);
        Assert.NotEmpty(invalid.Errors);
        Assert.Equal(("invalid_items", 0), (items.Code, Assert.Single(items.Items).Item));
        Assert.Equal("batch_not_found", (await FailureOf(() => client.GetBatchAsync("unknown", Token))).Code);
        Assert.Equal("unauthorized", (await FailureOf(() => stranger.MeasureAsync("a.jpg", Token))).Code);
        Assert.Equal(ImageResizeException.Unreachable, (await FailureOf(() => lost.MeasureAsync("a.jpg", Token))).Code);
    }

    [Theory]
    [InlineData("429 Too Many Requests")]
    [InlineData("503 Service Unavailable")]
    public async Task A_request_is_repeated_when_the_service_asks_for_it(string status)
    {
        await using var service = new StubServer();
        var answers = new Queue<string>(
        [
            $"HTTP/1.1 {status}\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 202 Accepted\r\nContent-Length: 27\r\nConnection: close\r\n\r\n{\"id\":\"1\",\"state\":\"queued\"}",
        ]);
        service.Pages["/v1/jobs"] = async (stream, token) => await stream.WriteAsync(Encoding.ASCII.GetBytes(answers.Dequeue()), token);
        using var client = new ImageResizeClient(new ImageResizeClientOptions { Address = AddressOf(service) });

        var job = await client.SubmitJobAsync("a.jpg", [JobAction.Measure], cancellationToken: Token);

        Assert.Equal(("1", JobState.Queued), (job.Id, job.State));
        Assert.Equal(["""{"source":"a.jpg","actions":[{"measure":{}}]}"""], service.Bodies.Distinct());
        Assert.Equal([2], service.Requests.Select(KeyOf).GroupBy(key => key).Select(group => group.Count()));

        static string KeyOf(string request) =>
            request.Split("\r\n").Single(line => line.StartsWith("Idempotency-Key: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_is_sent_to_other_regions_but_not_to_storage()
    {
        await using var region = new StubServer();
        region.Answer("/v1/jobs/1/thumbnails/0", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
        region.Redirect("/v1/jobs/2/thumbnails/0", "/container/thumbnail?sig=1", "307 Temporary Redirect");
        region.Answer("/container/thumbnail?sig=1", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
        await using var service = new StubServer();
        service.Redirect("/v1/jobs/1/thumbnails/0", $"{AddressOf(region)}v1/jobs/1/thumbnails/0", "307 Temporary Redirect");
        service.Redirect("/v1/jobs/2/thumbnails/0", $"{AddressOf(region)}v1/jobs/2/thumbnails/0", "307 Temporary Redirect");
        using var client = new ImageResizeClient(new ImageResizeClientOptions { Address = AddressOf(service), Key = Secrets.ShopKey });

        await client.DownloadThumbnailAsync("1", 0, Stream.Null, Token);
        await client.DownloadThumbnailAsync("2", 0, Stream.Null, Token);

        Assert.Equal(
            [("/v1/jobs/1/thumbnails/0", true), ("/v1/jobs/2/thumbnails/0", true), ("/container/thumbnail?sig=1", false)],
            region.Requests.Select(request => (request.Split(' ')[1], request.Contains(Secrets.ShopKey, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task The_client_is_registered_with_the_services_of_an_application()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        app.Images.Write("a.jpg", TestImages.Jpeg());
        var services = new ServiceCollection();
        services.AddImageResizeClient(options => (options.Address, options.Key) = (app.Client.BaseAddress!, Secrets.ShopKey));
        await using var provider = services.BuildServiceProvider();

        var size = await provider.GetRequiredService<ImageResizeClient>().MeasureAsync("a.jpg", Token);

        Assert.Equal((400, 300), (size.Width, size.Height));
    }

    private static ImageResizeClient ClientOf(RunningApp app) =>
        new(new ImageResizeClientOptions { Address = app.Client.BaseAddress!, Key = Secrets.ShopKey });

    private static Uri AddressOf(StubServer server) => new($"http://{server.Place}/");

    private static Task<ImageResizeException> FailureOf(Func<Task> act) => Assert.ThrowsAsync<ImageResizeException>(act);
}
