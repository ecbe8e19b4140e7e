using Azure;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Messages;
using ImageResize.Core.Storage;
using ImageResize.Core.Storage.Queues;
using ImageResize.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Http.Idempotency;

/// <summary>Requests that are repeated while the first is processed, or after it failed.</summary>
public sealed class RepeatedWhileProcessedTests(Azurite azurite) : IdempotencyApi(azurite)
{
    [Fact]
    public async Task A_hundred_requests_to_two_instances_with_one_key_submit_one_batch()
    {
        var prefix = App.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        await using var other = await StartAsync($"--ImageResize:Storage:TablePrefix={prefix}");

        // Requests that are refused because the first is still processed after ten seconds, or storage is slow, are sent again.
        var posts = Enumerable.Range(0, 100).Select(i => Eventually.Async(async () =>
            await PostAsync("/v1/jobs", Job, "key", i % 2 == 0 ? App : other) is { Status: not (409 or 503) } reply ? reply : null));
        var replies = await Task.WhenAll(posts);

        Assert.Equal(202, Assert.Single(replies.Distinct()).Status);
        Assert.Equal(1, await CountBatchesAsync(App));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task An_instance_with_a_wrong_clock_does_not_take_a_key_in_use(int minutes)
    {
        await using var app = await StartAsync(AddGate);
        var prefix = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        var clock = new FakeTimeProvider(Clock.GetUtcNow().AddMinutes(minutes));
        await using var other = await StartAsync(_ => { }, clock, $"--ImageResize:Storage:TablePrefix={prefix}");
        var gate = app.Services.GetRequiredService<GatedQueue>();
        var first = PostAsync("/v1/jobs", Job, "key", app);
        await gate.Arrived;

        var away = await AdvanceUntilAsync(PostAsync("/v1/jobs", Job, "key", other), clock);
        var second = PostAsync("/v1/jobs", Job, "key", other);
        gate.Open();

        Assert.Equal("idempotency_key_in_use", away.Code);
        Assert.Equal(await first, await AdvanceUntilAsync(second, clock));
        Assert.Equal(1, await CountBatchesAsync(app));
    }

    [Fact]
    public async Task A_repeated_request_is_refused_after_waiting_ten_seconds_for_the_first()
    {
        await using var app = await StartAsync(AddGate);
        var gate = app.Services.GetRequiredService<GatedQueue>();
        var first = PostAsync(OldJob, "", "key", app);
        await gate.Arrived;

        var second = await AdvanceUntilAsync(PostAsync(OldJob, "", "key", app));
        gate.Open();

        Assert.Equal((409, "idempotency_key_in_use"), (second.Status, second.Code));
        Assert.Equal(200, (await first).Status);
        Assert.Equal(await first, await PostAsync(OldJob, "", "key", app));
    }

    [Fact]
    public async Task A_key_reserved_by_a_crashed_process_is_free_when_its_lease_expires()
    {
        await using var app = await StartAsync(AddKeys);
        await app.Services.GetRequiredService<IIdempotencyStore>().TryAddAsync(
            IdempotencyKey.Of("shop", "key"),
            new KeyState(),
            Token);

        Assert.Equal(409, (await AdvanceUntilAsync(PostAsync(OldJob, "", "key", app))).Status);
        Clock.Advance(IdempotencyService.Lease);

        Assert.Equal(200, (await PostAsync(OldJob, "", "key", app)).Status);
    }

    [Theory]
    [InlineData(503, 503)]
    [InlineData(400, 500)]
    public async Task A_server_error_is_not_stored_as_the_response(int fault, int answer)
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
    [InlineData(OldJob, "an ignored body")]
    [InlineData("/v1/jobs", Job)]
    public async Task A_request_is_completed_and_its_response_stored_after_the_caller_disconnects(string address, string body)
    {
        var disconnects = new DisconnectWatcher();
        await using var app = await StartAsync(services => AddGate(services.AddSingleton<IStartupFilter>(disconnects)));
        var gate = app.Services.GetRequiredService<GatedQueue>();
        var request = await SendRawAsync(
            app,
            address,
            $"Idempotency-Key: key\nContent-Type: application/json\nContent-Length: {body.Length}",
            body);
        await gate.Arrived;
        request.Dispose();
        await disconnects.Noticed;

        var retry = PostAsync(address, body, "key", app);
        gate.Open();

        Assert.InRange((await AdvanceUntilAsync(retry)).Status, 200, 202);
        Assert.Equal(1, await CountBatchesAsync(app));
    }

    private static void AddGate(IServiceCollection services) => services
        .AddSingleton(provider => new GatedQueue(provider.GetRequiredService<PriorityQueues>()))
        .AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<GatedQueue>());
}
