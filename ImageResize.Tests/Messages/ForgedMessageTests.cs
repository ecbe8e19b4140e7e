using System.Text;
using Azure.Storage.Blobs;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Messages;

/// <summary>Messages that someone with access to the queue makes up: each ends, and changes nothing that is not its own.</summary>
public sealed class ForgedMessageTests(Azurite azurite) : IDisposable
{
    private readonly JobRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Ids of the year 1970, of no batch, and of the year 10889.</summary>
    public static TheoryData<string> Ids() =>
    [
        "00000000-0000-8000-8000-000000000000", "01a21322-960f-8000-8000-000000000000", "ffffffff-ffff-8000-8000-000000000000",
    ];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_watch_of_a_single_job_ends_at_once()
    {
        _rig.Sources["cat.jpg"] = TestImages.Jpeg(40, 30);
        var batch = await _rig.SubmitAsync("cat.jpg");
        await _rig.WorkAsync();

        await _rig.Work.ProcessAsync(MessageText.Encode(new WatchMessage(batch.Id)), 1, Token);
        await _rig.Poison.GiveUpAsync(MessageText.Encode(new WatchMessage(batch.Id)), Token);

        Assert.Equal(0, _rig.Queue.Count);
        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch)).State);
    }

    [Theory]
    [InlineData("Slice")]
    [InlineData("List")]
    [InlineData("Watch")]
    [InlineData("Callback")]
    [InlineData("Purge")]
    [InlineData("RemoveUpload")]
    public async Task A_message_with_the_largest_numbers_ends_and_leaves_the_batch_as_it_is(string kind)
    {
        for (var i = 0; i < 21; i++)
        {
            _rig.Sources[$"{i:D2}.jpg"] = TestImages.Jpeg(40, 30);
        }

        var batch = await _rig.SubmitFolderAsync();
        await EndAsync();

        await ProcessAsync(
            $$"""{"do":"{{kind}}","batch":"{{batch.Id}}","slice":2147483647,"round":100000000,"waits":100000000,"lane":"Bulk"}""");
        await EndAsync();

        Assert.Equal(0, _rig.Queue.Count);
        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch, 20)).State);
    }

    [Theory]
    [InlineData("""{"do":"Watch","batch":"$ID","round":2147483647}""")]
    [InlineData("""{"do":"Callback","batch":"$ID","round":2147483647}""")]
    [InlineData("""{"do":"Watch","batch":"$ID","waits":2147483647}""")]
    [InlineData("""{"do":"Slice","batch":"$ID","slice":"0"}""")]
    [InlineData("""{"do":"Slice","batch":["$ID"]}""")]
    [InlineData("""{"do":"Slice","batch":"$ID","goesOn":1}""")]
    [InlineData("""{"do":["Slice"],"batch":"$ID"}""")]
    [InlineData("""{"do":"Purge","batch":"$ID","caller":"mallory"}""")]
    [InlineData("""{"do":"Slice","batch":"$ID","caller":"mallory"}""")]
    [InlineData("""{"do":"Slice","batch":"$ID","caller":"\ud800"}""")]
    public async Task A_message_with_an_impossible_value_is_dropped_with_one_warning(string json)
    {
        _rig.Sources["cat.jpg"] = TestImages.Jpeg(40, 30);
        var batch = await _rig.SubmitAsync("cat.jpg");
        var before = _rig.Queue.Count;

        await ProcessAsync(json.Replace("$ID", batch.Id.ToString(), StringComparison.Ordinal));

        Assert.Equal(before, _rig.Queue.Count);
        Assert.StartsWith("Dropped a message", Assert.Single(_rig.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_to_delete_a_batch_that_nobody_has_deleted_deletes_nothing()
    {
        _rig.Sources["cat.jpg"] = TestImages.Jpeg(40, 30);
        var batch = await _rig.SubmitAsync("cat.jpg");
        await _rig.WorkAsync();

        await ProcessAsync($$"""{"do":"Purge","batch":"{{batch.Id}}"}""");
        await EndAsync();

        Assert.Equal(JobState.Succeeded, (await _rig.FindAsync(batch)).State);
        Assert.Equal(0, _rig.Queue.Count);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Messages_for_a_batch_that_does_not_exist_end(string id)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var work = app.Services.GetRequiredService<MessageDispatcher>();
        var poison = app.Services.GetRequiredService<PoisonMessageHandler>();
        foreach (var kind in (string[])["Slice", "List", "Watch", "Callback", "Purge"])
        {
            var text = Encode($$"""{"do":"{{kind}}","batch":"{{id}}","waits":12}""");

            await work.ProcessAsync(text, 1, Token);
            await poison.GiveUpAsync(text, Token);
        }

        await work.ProcessAsync(Encode($$"""{"do":"RemoveUpload","batch":"{{id}}"}"""), 1, Token);

        Assert.Equal(0, (await app.Services.GetRequiredService<IBacklog>().ReadAsync(Token)).Sum(queue => queue.Messages));
    }

    [Fact]
    public async Task An_upload_of_the_future_is_deleted_without_a_trace()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var future = UploadId.New(DateTimeOffset.UtcNow.AddYears(100), owner: OwnerTag.Of("shop"));
        var last = $"ffffffff-ffff-8000-80{future.ToString()[21..23]}-{future.ToString()[24..]}";

        foreach (var id in (string[])[future.ToString(), last])
        {
            Assert.Equal(204, (await app.SendAsync(HttpMethod.Delete, $"/v1/images/{id}")).Status);
        }

        var containers = await new BlobServiceClient(azurite.ConnectionString).GetBlobContainersAsync(cancellationToken: Token)
            .Select(container => container.Name).ToListAsync(Token);
        Assert.DoesNotContain(containers, name => name.EndsWith($"{future.Day:yyyyMMdd}", StringComparison.Ordinal));
        Assert.DoesNotContain(containers, name => name.EndsWith("99991231", StringComparison.Ordinal));
    }

    private Task ProcessAsync(string json) => _rig.Work.ProcessAsync(Encode(json), 1, Token);

    /// <summary>Works until nothing is queued, for a day at most.</summary>
    private async Task EndAsync()
    {
        for (var minutes = 0; _rig.Queue.Count > 0 && minutes < 1_440; minutes++)
        {
            await _rig.WorkAsync();
            _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private static string Encode(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
}
