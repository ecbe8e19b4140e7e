using System.Net.Http.Headers;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Messages;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Queues;
using ImageResize.Functions.Functions;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.InMemory;
using ImageResize.Tests.Support.Processes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Http.Idempotency;

/// <summary>The header Idempotency-Key, on real storage. Nobody works on the jobs: only what is submitted counts here.</summary>
public sealed class IdempotencyTests(Azurite azurite) : IAsyncLifetime
{
    private const string WithoutListeners = "--ImageResize:Role=Api";
    private const string Job = """{ "source": "cat.jpg", "actions": [ { "measure": {} } ] }""";
    private const string OldJob = "/imageapi?imagePath=cat.jpg";

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private RunningApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Trait("Abuse", "25")]
    [Theory]
    [InlineData(OldJob, "", 200, 1)]
    [InlineData("/imageapi?imagePath=/ImageResize/images/", "", 200, 1)]
    [InlineData("/imageapi?imagePath=missing.jpg", "", 400, 0)]
    [InlineData("/imageapi", "", 400, 0)]
    [InlineData("/v1/jobs", Job, 202, 1)]
    [InlineData("/v1/jobs", """{ "source": "cat.jpg", "actions": [ { "preset": "nobody" } ] }""", 400, 0)]
    [InlineData("/v1/jobs", """{ "source": "cat.jpg", "actions": [] }""", 400, 0)]
    [InlineData("/v1/jobs", "no json", 400, 0)]
    public async Task The_same_request_gets_the_same_answer_byte_for_byte(string address, string body, int status, int batches)
    {
        var first = await PostAsync(address, body, "key");
        var second = await PostAsync(address, body, "key");

        Assert.Equal(status, first.Status);
        Assert.Equal(first, second);
        Assert.Equal(batches, await CountBatchesAsync(_app));
    }

    [Fact]
    public async Task The_first_answer_is_the_one_that_is_given_without_a_key()
    {
        var without = await PostAsync("/v1/jobs", Job, key: null);
        var with = await PostAsync("/v1/jobs", Job, "key");

        Assert.Equal(Shape(without), Shape(with));

        static (int, string) Shape(Reply reply)
        {
            var id = JsonDocument.Parse(reply.Body).RootElement.GetProperty("id").GetString()!;

            return (reply.Status, reply.Headers.Replace(id, "ID", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Another_key_is_another_request()
    {
        var first = await PostAsync(OldJob, "", "key");
        var second = await PostAsync(OldJob, "", "Key");

        Assert.NotEqual(first.Body, second.Body);
    }

    [Trait("Abuse", "25")]
    [Theory]
    [InlineData("/v1/jobs", """{ "source": "cat.jpg", "actions": [ { "measure": {} } ]  }""")]
    [InlineData("/v1/jobs", "")]
    [InlineData("/v1/jobs?x=1", Job)]
    [InlineData(OldJob, Job)]
    public async Task Another_request_with_the_same_key_is_refused(string address, string body)
    {
        await PostAsync("/v1/jobs", Job, "key");

        var other = await PostAsync(address, body, "key");

        Assert.Equal((422, "idempotency_key_reused"), (other.Status, other.Code));
        Assert.Equal(1, await CountBatchesAsync(_app));
    }

    [Fact]
    public async Task Large_bodies_are_compared_to_their_last_byte()
    {
        var body = new string('x', 20_000_000);
        var first = await PostAsync(OldJob, body + "1", "key");

        Assert.Equal(first, await PostAsync(OldJob, body + "1", "key"));
        Assert.Equal(422, (await PostAsync(OldJob, body + "2", "key")).Status);
    }

    [Fact]
    public async Task A_body_that_is_refused_for_its_size_leaves_the_key_free()
    {
        using var large = await SendRawAsync(
            _app,
            "/v1/jobs",
            "Connection: close\nIdempotency-Key: key\nContent-Type: application/json\nContent-Length: 31000000");

        Assert.StartsWith("HTTP/1.1 413 ", await large.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(202, (await PostAsync("/v1/jobs", Job, "key")).Status);
    }

    [Theory]
    [InlineData("Idempotency-Key:")]
    [InlineData("Idempotency-Key:   ")]
    [InlineData("Idempotency-Key: a\tb")]
    [InlineData("Idempotency-Key: a\nIdempotency-Key: a")]
    [InlineData("Idempotency-Key: a\nidempotency-key: b")]
    public async Task A_key_that_is_none_is_refused(string header)
    {
        using var request = await SendRawAsync(_app, OldJob, $"Connection: close\n{header}");
        var answer = await request.ReadAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"invalid_idempotency_key\"", answer, StringComparison.Ordinal);
        Assert.Equal(0, await CountBatchesAsync(_app));
    }

    [Trait("Abuse", "25")]
    [Theory]
    [InlineData(255, 200)]
    [InlineData(256, 400)]
    public async Task A_key_has_at_most_255_characters(int length, int status) =>
        Assert.Equal(status, (await PostAsync(OldJob, "", new string('k', length))).Status);

    [Fact]
    public async Task A_hundred_posts_to_two_instances_with_one_key_make_one_batch()
    {
        var prefix = _app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        await using var other = await StartAsync($"--ImageResize:Storage:TablePrefix={prefix}");

        // Who is sent away, for the first is still at work after ten seconds or storage is slow, asks again.
        var posts = Enumerable.Range(0, 100).Select(i => Eventually.Async(async () =>
            await PostAsync("/v1/jobs", Job, "key", i % 2 == 0 ? _app : other) is { Status: not (409 or 503) } reply ? reply : null));
        var replies = await Task.WhenAll(posts);

        Assert.Equal(202, Assert.Single(replies.Distinct()).Status);
        Assert.Equal(1, await CountBatchesAsync(_app));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task An_instance_whose_clock_is_minutes_off_does_not_take_the_key_of_one_at_work(int minutes)
    {
        await using var app = await StartAsync(AddGate);
        var prefix = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        var clock = new FakeTimeProvider(_clock.GetUtcNow().AddMinutes(minutes));
        await using var other = await StartAsync(_ => { }, clock, $"--ImageResize:Storage:TablePrefix={prefix}");
        var gate = app.Services.GetRequiredService<GatedQueue>();
        var first = PostAsync("/v1/jobs", Job, "key", app);
        await gate.Arrived;

        var away = await PassingTimeAsync(PostAsync("/v1/jobs", Job, "key", other), clock);
        var second = PostAsync("/v1/jobs", Job, "key", other);
        gate.Open();

        Assert.Equal("idempotency_key_in_use", away.Code);
        Assert.Equal(await first, await PassingTimeAsync(second, clock));
        Assert.Equal(1, await CountBatchesAsync(app));
    }

    [Fact]
    public async Task Who_comes_while_the_first_is_at_work_waits_ten_seconds_and_is_then_sent_away()
    {
        await using var app = await StartAsync(AddGate);
        var gate = app.Services.GetRequiredService<GatedQueue>();
        var first = PostAsync(OldJob, "", "key", app);
        await gate.Arrived;

        var second = await PassingTimeAsync(PostAsync(OldJob, "", "key", app));
        gate.Open();

        Assert.Equal((409, "idempotency_key_in_use"), (second.Status, second.Code));
        Assert.Equal(200, (await first).Status);
        Assert.Equal(await first, await PostAsync(OldJob, "", "key", app));
    }

    [Fact]
    public async Task A_request_whose_process_died_frees_its_key_when_its_lease_runs_out()
    {
        await using var app = await StartAsync(AddKeys);
        await app.Services.GetRequiredService<IIdempotencyStore>().TryAddAsync(
            IdempotencyKey.Of("shop", "key"),
            new KeyState(),
            Token);

        Assert.Equal(409, (await PassingTimeAsync(PostAsync(OldJob, "", "key", app))).Status);
        _clock.Advance(IdempotencyService.Lease);

        Assert.Equal(200, (await PostAsync(OldJob, "", "key", app)).Status);
    }

    [Theory]
    [InlineData(503, 503)]
    [InlineData(400, 500)]
    public async Task A_fault_is_not_kept(int fault, int answer)
    {
        await using var app = await StartAsync(AddGate);
        var gate = app.Services.GetRequiredService<GatedQueue>();
        gate.Open();
        gate.NextFault = new RequestFailedException(fault, "Not now.");

        var first = await PostAsync(OldJob, "", "key", app);
        var second = await PostAsync(OldJob, "", "key", app);

        Assert.Equal((answer, 200), (first.Status, second.Status));
        Assert.Equal(second, await PostAsync(OldJob, "", "key", app));
    }

    [Theory]
    [InlineData(OldJob, "")]
    [InlineData(OldJob, "a body that nobody reads")]
    [InlineData("/v1/jobs", Job)]
    public async Task What_a_caller_who_hung_up_has_begun_is_finished_and_its_answer_kept(string address, string body)
    {
        var hangUps = new HangUps();
        await using var app = await StartAsync(services => AddGate(services.AddSingleton<IStartupFilter>(hangUps)));
        var gate = app.Services.GetRequiredService<GatedQueue>();
        var request = await SendRawAsync(
            app,
            address,
            $"Idempotency-Key: key\nContent-Type: application/json\nContent-Length: {body.Length}",
            body);
        await gate.Arrived;
        request.Dispose();
        await hangUps.Noticed;

        var retry = PostAsync(address, body, "key", app);
        gate.Open();

        Assert.InRange((await PassingTimeAsync(retry)).Status, 200, 202);
        Assert.Equal(1, await CountBatchesAsync(app));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("an answer as a later version may write it")]
    [InlineData(null)]
    public async Task An_answer_kept_in_a_way_that_is_not_known_here_is_to_be_asked_for_again_where_it_may_be(string? json)
    {
        await PostAsync(OldJob, "", "key");
        var hash = IdempotencyKey.Of("shop", "key").ToString();
        var prefix = _app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        var newer = new TableEntity(hash[..1], hash) { ["Answer"] = 200, ["Json"] = json };
        await _app.Services.GetRequiredService<TableServiceClient>().GetTableClient(prefix + "idempotency")
            .UpdateEntityAsync(newer, ETag.All, TableUpdateMode.Replace, Token);

        var reply = await PostAsync(OldJob, "", "key");

        Assert.Equal((503, "storage_unavailable"), (reply.Status, reply.Code));
        Assert.Contains("Retry-After", reply.Headers, StringComparison.Ordinal);
        Assert.Equal(1, await CountBatchesAsync(_app));
    }

    [Fact]
    public async Task After_a_day_the_key_is_free()
    {
        await using var app = await StartAsync(AddKeys);
        var first = await PostAsync(OldJob, "", "key", app);

        _clock.Advance(IdempotencyService.Retention - TimeSpan.FromSeconds(1));
        Assert.Equal(first, await PostAsync(OldJob, "", "key", app));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(first.Body, (await PostAsync(OldJob, "", "key", app)).Body);
    }

    [Fact]
    public async Task The_hourly_cleanup_removes_outdated_keys()
    {
        await using var app = await StartAsync(AddKeys);
        await PostAsync(OldJob, "", "key", app);

        _clock.Advance(IdempotencyService.Retention + TimeSpan.FromSeconds(1));
        await app.Services.GetRequiredService<HourlyCleanup>().RunAsync(Token);

        Assert.Null(await app.Services.GetRequiredService<IIdempotencyStore>().FindAsync(IdempotencyKey.Of("shop", "key"), Token));
    }

    [Fact]
    public async Task Without_a_key_or_a_place_of_ours_nothing_is_stored_for_it()
    {
        await PostAsync(OldJob, "", key: null);
        await PostAsync("/v1/jobs", Job, key: null);
        await PostAsync("/v1/nothing", Job, "key");
        await PostAsync("/result?jobId=1", "", "key");
        using var get = new HttpRequestMessage(HttpMethod.Get, OldJob) { Headers = { { "Idempotency-Key", "key" } } };
        using var answer = await _app.Client.SendAsync(get, Token);

        Assert.DoesNotContain(await TablesAsync(_app), table => table.Name.EndsWith("idempotency", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_storage_away_the_answer_is_to_try_again()
    {
        var nobody = FreePorts.Take();
        await using var app = await RunningApp.StartAsync(nobody.ConnectionString, WithoutListeners);
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));

        var reply = await PostAsync(OldJob, "", "key", app);

        Assert.Equal((503, "storage_unavailable"), (reply.Status, reply.Code));
        Assert.Contains("Retry-After", reply.Headers, StringComparison.Ordinal);
    }

    private Task<RunningApp> StartAsync(params string[] settings) => StartAsync(_ => { }, TimeProvider.System, settings);

    /// <summary>At a time that the test sets.</summary>
    private Task<RunningApp> StartAsync(Action<IServiceCollection> change) => StartAsync(change, _clock);

    private async Task<RunningApp> StartAsync(Action<IServiceCollection> change, TimeProvider clock, params string[] settings)
    {
        var app = await RunningApp.StartAsync(
            azurite.ConnectionString,
            services => change(services.AddSingleton(clock)),
            [WithoutListeners, .. settings]);
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));

        return app;
    }

    /// <summary>Keys grow old by the time that the test sets: Azurite's is the real one.</summary>
    private void AddKeys(IServiceCollection services) => services.AddSingleton<IIdempotencyStore>(new InMemoryIdempotencyStore(_clock));

    private static void AddGate(IServiceCollection services) => services
        .AddSingleton(provider => new GatedQueue(provider.GetRequiredService<PriorityQueues>()))
        .AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<GatedQueue>());

    private Task<Reply> PassingTimeAsync(Task<Reply> reply) => PassingTimeAsync(reply, _clock);

    /// <summary>Lets time pass until the answer is there.</summary>
    private static async Task<Reply> PassingTimeAsync(Task<Reply> reply, FakeTimeProvider clock)
    {
        await Eventually.Async(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return reply.IsCompleted;
        });

        return await reply;
    }

    private async Task<Reply> PostAsync(string address, string body, string? key, RunningApp? app = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await (app ?? _app).Client.SendAsync(request, Token);
        string[] ofTheServer = ["Date", "Transfer-Encoding", "Content-Length"];
        var headers = response.Headers.Concat(response.Content.Headers)
            .ExceptBy(ofTheServer, header => header.Key)
            .OrderBy(header => header.Key);

        return new Reply(
            (int)response.StatusCode,
            string.Concat(headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}\n")),
            await response.Content.ReadAsStringAsync(Token));
    }

    private static Task<RawRequest> SendRawAsync(RunningApp app, string address, string headers, string body = "") =>
        RawRequest.SendAsync(
            app.Client.BaseAddress!,
            $"POST {address} HTTP/1.1\nHost: x\n{RequestKey.Header}: {Secrets.ShopKey}\n{headers}\n\n{body}");

    private static async Task<int> CountBatchesAsync(RunningApp app)
    {
        var batches = 0;
        foreach (var table in await TablesAsync(app))
        {
            batches += await app.Services.GetRequiredService<TableServiceClient>().GetTableClient(table.Name)
                .QueryAsync<TableEntity>(row => row.RowKey == "batch", cancellationToken: Token)
                .CountAsync(Token);
        }

        return batches;
    }

    private static async Task<List<Azure.Data.Tables.Models.TableItem>> TablesAsync(RunningApp app)
    {
        var prefix = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        var after = prefix + "~";

        return await app.Services.GetRequiredService<TableServiceClient>()
            .QueryAsync(table => table.Name.CompareTo(prefix) >= 0 && table.Name.CompareTo(after) < 0, cancellationToken: Token)
            .ToListAsync(Token);
    }

    private sealed record Reply(int Status, string Headers, string Body)
    {
        public string? Code => JsonDocument.Parse(Body).RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
    }
}
