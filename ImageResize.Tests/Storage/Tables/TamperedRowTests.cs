using System.IO.Compression;
using Azure.Data.Tables;
using ImageResize.Core.Batches;
using ImageResize.Core.Identifiers;
using ImageResize.Core.Jobs;
using ImageResize.Core.Messages;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Tables;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Storage.Tables;

/// <summary>
/// Rows that someone with access to the tables has changed: they are named in an error, and nothing loops or leaves its place.
/// </summary>
public sealed class TamperedRowTests(Azurite azurite)
{
    private const string Sources = "\"sources\":[\"a.jpg\"],\"actions\":[{\"measure\":true,\"thumbnails\":[]}]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, object?> Headers() => new()
    {
        { "SliceSize", 0 }, { "SliceSize", -1 }, { "SliceSize", 7 }, { "SliceSize", "1" }, { "Total", -1 }, { "Total", int.MaxValue },
        { "Total", 1.5 }, { "Total", null }, { "Name", 1 }, { "Callback", true }, { "IsSingle", "yes" }, { "IsCanceled", 0 },
        { "Caller", 5L },
        { "Succeeded", "many" }, { "Skipped", null }, { "SkippedJson", "[" }, { "SkippedPacked0", new byte[] { 1, 2, 3 } },
    };

    public static TheoryData<string> Slices() =>
    [
        "", "null", "[]", "{}", "{\"first\":0}", "{\"first\":-1," + Sources + "}", "{\"first\":2147483647," + Sources + "}",
        "{\"first\":\"0\"," + Sources + "}", "{\"first\":0,\"sources\":[null],\"actions\":[{\"measure\":true,\"thumbnails\":[]}]}",
        "{\"first\":0,\"sources\":[7],\"actions\":[]}", "{\"first\":0,\"sources\":[\"a.jpg\"],\"actions\":[]}",
        "{\"first\":0,\"sources\":[\"a.jpg\"],\"actions\":[null]}",
        "{\"first\":0,\"sources\":[\"a.jpg\"],\"actions\":[{\"measure\":true}]}",
        "{\"first\":0,\"actionsOf\":[1]," + Sources + "}", "{\"first\":0,\"actionsOf\":[]," + Sources + "}",
        "{\"first\":0,\"actionsOf\":[-1]," + Sources + "}",
        "{\"first\":99,\"sources\":[\"a.jpg\",\"b.jpg\"],\"actions\":[{\"measure\":true,\"thumbnails\":[]}]}",
        "{\"first\":0,\"sources\":[\"\\ud800\"],\"actions\":[]}", new string('[', 30_000),
    ];

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_header_with_an_impossible_column_is_read_as_before_or_named_in_an_error(string column, object? value)
    {
        var (store, table, id) = await AddAsync();
        await ChangeAsync(table, id.ToString(), Rows.HeaderKey, column, value);

        var fault = await Record.ExceptionAsync(() => store.FindBatchAsync(id, Token));

        Assert.True(fault is UnreadableRowException || (value is null && column == "Skipped"), $"{fault}");
        Assert.Contains(fault is null ? "" : $"{id} batch can't be read", fault?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Slices))]
    public async Task A_slice_with_impossible_jobs_is_named_in_an_error(string json)
    {
        var (store, table, id) = await AddAsync();
        await ChangeAsync(table, id.ToString(), Rows.SliceKey(0), "Json", json);

        var fault = await Assert.ThrowsAsync<UnreadableRowException>(() => store.FindSliceAsync(id, 0, Token));

        Assert.StartsWith($"The row {id} slice-00000 can't be read", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slice-abc", "Jobs", 1)]
    [InlineData("slice--1", "Jobs", 1)]
    [InlineData("slice-99999999999", "Jobs", 1)]
    [InlineData("slice-00000", "Jobs", "1")]
    [InlineData("slice-00000", "IsDone", "no")]
    [InlineData("slice-00000", "Requeues", 1.5)]
    public async Task Progress_that_is_impossible_is_named_in_an_error(string key, string column, object value)
    {
        var (store, table, id) = await AddAsync();
        await table.UpsertEntityAsync(new TableEntity(id.ToString(), key) { [column] = value }, TableUpdateMode.Merge, Token);

        await Assert.ThrowsAsync<UnreadableRowException>(async () => await store.ListSlicesAsync(id, Token).ToListAsync(Token));
    }

    [Theory]
    [InlineData("00", "null")]
    [InlineData("00", "{\"source\":null,\"finishedAt\":\"2026-11-30T00:00:00Z\"}")]
    [InlineData("00", "{\"source\":\"a.jpg\",\"finishedAt\":\"tomorrow\"}")]
    [InlineData("00", "{\"source\":\"a.jpg\",\"finishedAt\":\"2026-11-30T00:00:00Z\",\"thumbnails\":[null]}")]
    [InlineData("00a", "{\"source\":\"a.jpg\",\"finishedAt\":\"2026-11-30T00:00:00Z\"}")]
    public async Task A_result_that_is_impossible_is_named_in_an_error(string key, string json)
    {
        var (store, table, id) = await AddAsync(jobs: 2);
        var slice = (await store.FindSliceAsync(id, 0, Token))!;
        await table.UpsertEntityAsync(
            new TableEntity(Rows.BlockPartition(id, 0), key) { ["Job"] = $"{id}-0", ["Json"] = json }, TableUpdateMode.Replace, Token);

        await Assert.ThrowsAsync<UnreadableRowException>(() => store.FindResultsAsync(id, slice, Token));
    }

    [Fact]
    public async Task A_row_that_unpacks_to_gigabytes_is_refused()
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1_000_000];
            for (var megabytes = 0; megabytes < 200; megabytes++)
            {
                brotli.Write(zeros);
            }
        }

        var row = new TableEntity("partition", "row") { ["Packed0"] = packed.ToArray() };
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        Assert.InRange(packed.Length, 1, 64 * 1024);
        Assert.Throws<InvalidDataException>(() => JsonColumns.Read(row));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 400_000_000);
    }

    [Fact]
    public async Task A_result_that_is_in_the_way_and_is_not_found_ends_the_attempt()
    {
        var (store, table, id) = await AddAsync();
        var slice = (await store.FindSliceAsync(id, 0, Token))!;
        var result = new JobResult(slice.Jobs[0].Source, DateTimeOffset.UtcNow);
        await store.AddResultsAsync(id, slice, new Dictionary<int, JobResult> { [0] = result }, Token);

        // A slice whose jobs have other numbers than their rows.
        var other = slice with { First = 50 };

        await Assert.ThrowsAnyAsync<Azure.RequestFailedException>(
            () => store.AddResultsAsync(id, other, new Dictionary<int, JobResult> { [0] = result with { Name = "b" } }, Token));
    }

    [Theory]
    [InlineData("State", "Elsewhere")]
    [InlineData("State", null)]
    [InlineData("Attempts", "1")]
    [InlineData("EndedAt", "yesterday")]
    public async Task A_callback_with_an_impossible_column_is_named_in_an_error(string column, object? value)
    {
        var (_, table, id) = await AddAsync();
        var callbacks = new TableCallbackStore(Open(), Options.Create(new StorageOptions { TablePrefix = Prefix(table) }));
        await callbacks.AddOrGetAsync(id, new CallbackStatus(DateTimeOffset.UtcNow, 1, default), Token);
        await ChangeAsync(table, id.ToString(), CallbackRow.Key, column, value);

        await Assert.ThrowsAsync<UnreadableRowException>(() => callbacks.FindAsync(id, Token));
    }

    [Theory]
    [InlineData(Rows.HeaderKey, "SliceSize", 0)]
    [InlineData("slice-00000", "Jobs", "many")]
    public async Task A_watch_of_a_batch_that_cannot_be_read_ends_in_the_poison_queue(string row, string column, object value)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var work = app.Services.GetRequiredService<MessageDispatcher>();
        var poison = app.Services.GetRequiredService<PoisonMessageHandler>();
        var storage = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var (_, table, id) = await AddAsync(storage.TablePrefix, jobs: 2);
        await ChangeAsync(table, id.ToString(), row, column, value);

        foreach (var message in (WorkMessage[])[new WatchMessage(id), new PurgeMessage(id)])
        {
            await Record.ExceptionAsync(() => work.ProcessAsync(MessageText.Encode(message), 1, Token));
            var fault = await Record.ExceptionAsync(() => poison.GiveUpAsync(MessageText.Encode(message), Token));
            Assert.True(fault is UnreadableRowException || message is PurgeMessage, $"{message}: {fault}");
        }

        Assert.InRange((await app.Services.GetRequiredService<IBacklog>().ReadAsync(Token)).Sum(queue => queue.Messages), 0, 1);
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("/ImageResize/images/../../../../etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("blob://secret/a.jpg")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("upload://01a21322-960f-8000-8000-000000000000")]
    [InlineData("upload://../../x")]
    public async Task A_job_whose_source_was_changed_is_refused_and_writes_nothing(string source)
    {
        await using var app = await RunningApp.StartAsync(azurite);
        var storage = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var (store, table, id) = await AddAsync(storage.TablePrefix);
        var json = SliceOf(source, "_resized");
        await ChangeAsync(table, id.ToString(), Rows.SliceKey(0), "Json", json);

        await app.Services.GetRequiredService<MessageDispatcher>().ProcessAsync(MessageText.Encode(new SliceMessage(id, 0)), 1, Token);

        var error = (await store.FindResultAsync(new JobId(id), Token))!.Error!;
        Assert.Contains(error.Code, (string[])["source_not_allowed", "invalid_source", "source_not_found"]);
        Assert.Empty(Directory.EnumerateFiles(app.Images.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_thumbnail_whose_name_was_changed_is_not_written_outside_its_folder()
    {
        await using var app = await RunningApp.StartAsync(azurite);
        await File.WriteAllBytesAsync(Path.Combine(app.Images.Path, "a.jpg"), TestImages.Jpeg(40, 30), Token);
        var storage = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var (_, table, id) = await AddAsync(storage.TablePrefix);
        var name = $"made-{Guid.NewGuid():N}";
        var json = SliceOf("/ImageResize/images/a.jpg", $"/../../../../{name}");
        await ChangeAsync(table, id.ToString(), Rows.SliceKey(0), "Json", json);

        await Record.ExceptionAsync(
            () => app.Services.GetRequiredService<MessageDispatcher>().ProcessAsync(MessageText.Encode(new SliceMessage(id, 0)), 1, Token));

        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(app.Images.Path)!, $"{name}*"));
        Assert.Empty(Directory.EnumerateFiles(app.Images.Path, $"{name}*"));
    }

    private static string SliceOf(string source, string suffix) =>
        $$"""{"first":0,"isSingle":true,"isUnwatched":true,"sources":["{{source}}"],"actions":[{"measure":true,"thumbnails":["""
        + $$"""{"spec":{"width":9,"height":9},"suffix":"{{suffix}}"}]}]}""";

    private static string Prefix(TableClient table) => table.Name[..^"yyyyMMdd".Length];

    private TableServiceClient Open() => StorageAccount.ByConnectionString(azurite.ConnectionString).OpenTables();

    private async Task<(TableJobStore Store, TableClient Table, BatchId Id)> AddAsync(string? prefix = null, int jobs = 1)
    {
        prefix ??= Azurite.UniquePrefix();
        var store = new TableJobStore(Open(), Options.Create(new StorageOptions { TablePrefix = prefix }));
        var id = BatchId.New(DateTimeOffset.UtcNow);
        var job = new Job("a.jpg".ToSource(), JobActions.OnlyMeasure);
        var batch = new Batch(id) { Total = jobs, SliceSize = jobs == 1 ? 1 : 5, IsSingle = jobs == 1 };
        var slice = new Slice(0, 0, [.. Enumerable.Repeat(job, jobs)]) { IsSingle = jobs == 1 };
        await store.AddAsync(batch, [slice], Token);

        return (store, Open().GetTableClient($"{prefix}{id.Day:yyyyMMdd}"), id);
    }

    /// <param name="value">Null removes the column.</param>
    private static async Task ChangeAsync(TableClient table, string partition, string key, string column, object? value)
    {
        TableEntity row = await table.GetEntityAsync<TableEntity>(partition, key, cancellationToken: Token);
        row[column] = value;
        if (value is null)
        {
            row.Remove(column);
        }

        await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Token);
    }
}
