using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Storage;
using ImageResize.Functions.Functions;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Http.Idempotency;

/// <summary>The header Idempotency-Key.</summary>
public sealed class IdempotencyKeyTests(Azurite azurite) : IdempotencyApi(azurite)
{
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
    public async Task A_repeated_request_gets_the_same_response(string address, string body, int status, int batches)
    {
        var first = await PostAsync(address, body, "key");
        var second = await PostAsync(address, body, "key");

        Assert.Equal(status, first.Status);
        Assert.Equal(first, second);
        Assert.Equal(batches, await CountBatchesAsync(App));
    }

    [Fact]
    public async Task The_first_response_is_the_same_as_without_a_key()
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
    public async Task A_request_with_another_key_is_processed()
    {
        var first = await PostAsync(OldJob, "", "key");
        var second = await PostAsync(OldJob, "", "Key");

        Assert.NotEqual(first.Body, second.Body);
    }

    [Trait("Abuse", "25")]
    [Theory]
    [InlineData("/v1/jobs", """{ "source": "cat.jpg", "actions": [ { "measure": {} } ]  }""")]
    [InlineData("/v1/jobs", "")]
    [InlineData("/v1/batches?name=x", Job)]
    [InlineData(OldJob, Job)]
    public async Task A_different_request_with_the_same_key_is_refused(string address, string body)
    {
        await PostAsync("/v1/jobs", Job, "key");

        var other = await PostAsync(address, body, "key");

        Assert.Equal((422, "idempotency_key_reused"), (other.Status, other.Code));
        Assert.Equal(1, await CountBatchesAsync(App));
    }

    [Fact]
    public async Task Large_bodies_are_compared_completely()
    {
        var body = new string('x', 20_000_000);
        var first = await PostAsync(OldJob, body + "1", "key");

        Assert.Equal(first, await PostAsync(OldJob, body + "1", "key"));
        Assert.Equal(422, (await PostAsync(OldJob, body + "2", "key")).Status);
    }

    [Fact]
    public async Task A_request_whose_body_is_too_large_does_not_use_the_key()
    {
        using var large = await SendRawAsync(
            App,
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
    public async Task An_invalid_key_is_refused(string header)
    {
        using var request = await SendRawAsync(App, OldJob, $"Connection: close\n{header}");
        var answer = await request.ReadAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"invalid_idempotency_key\"", answer, StringComparison.Ordinal);
        Assert.Equal(0, await CountBatchesAsync(App));
    }

    [Trait("Abuse", "25")]
    [Theory]
    [InlineData(255, 200)]
    [InlineData(256, 400)]
    public async Task A_key_has_at_most_255_characters(int length, int status) =>
        Assert.Equal(status, (await PostAsync(OldJob, "", new string('k', length))).Status);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("a response stored by a later version")]
    [InlineData(null)]
    public async Task A_stored_response_of_an_unknown_version_gets_a_retry_reply(string? json)
    {
        await PostAsync(OldJob, "", "key");
        var hash = IdempotencyKey.Of("shop", "key").ToString();
        var prefix = App.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        var newer = new TableEntity(hash[..1], hash) { ["Answer"] = 200, ["Json"] = json };
        await App.Services.GetRequiredService<TableServiceClient>().GetTableClient(prefix + "idempotency")
            .UpdateEntityAsync(newer, ETag.All, TableUpdateMode.Replace, Token);

        var reply = await PostAsync(OldJob, "", "key");

        Assert.Equal((503, "storage_unavailable"), (reply.Status, reply.Code));
        Assert.Contains("Retry-After", reply.Headers, StringComparison.Ordinal);
        Assert.Equal(1, await CountBatchesAsync(App));
    }

    [Fact]
    public async Task A_key_can_be_used_again_after_a_day()
    {
        await using var app = await StartAsync(AddKeys);
        var first = await PostAsync(OldJob, "", "key", app);

        Clock.Advance(IdempotencyService.Retention - TimeSpan.FromSeconds(1));
        Assert.Equal(first, await PostAsync(OldJob, "", "key", app));
        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(first.Body, (await PostAsync(OldJob, "", "key", app)).Body);
    }

    [Fact]
    public async Task The_hourly_cleanup_removes_expired_keys()
    {
        await using var app = await StartAsync(AddKeys);
        await PostAsync(OldJob, "", "key", app);

        Clock.Advance(IdempotencyService.Retention + TimeSpan.FromSeconds(1));
        await app.Services.GetRequiredService<HourlyCleanup>().RunAsync(Token);

        Assert.Null(await app.Services.GetRequiredService<IIdempotencyStore>().FindAsync(IdempotencyKey.Of("shop", "key"), Token));
    }

    [Fact]
    public async Task Requests_without_a_key_or_to_other_addresses_store_no_key()
    {
        await PostAsync(OldJob, "", key: null);
        await PostAsync("/v1/jobs", Job, key: null);
        await PostAsync("/v1/nothing", Job, "key");
        await PostAsync("/result?jobId=1", "", "key");
        using var get = new HttpRequestMessage(HttpMethod.Get, OldJob) { Headers = { { "Idempotency-Key", "key" } } };
        using var answer = await App.Client.SendAsync(get, Token);

        Assert.DoesNotContain(await TablesAsync(App), table => table.Name.EndsWith("idempotency", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_gets_a_retry_reply_while_storage_is_unavailable()
    {
        var nobody = FreePorts.Take();
        await using var app = await RunningApp.StartAsync(nobody.ConnectionString, WithoutListeners);
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));

        var reply = await PostAsync(OldJob, "", "key", app);

        Assert.Equal((503, "storage_unavailable"), (reply.Status, reply.Code));
        Assert.Contains("Retry-After", reply.Headers, StringComparison.Ordinal);
    }
}
