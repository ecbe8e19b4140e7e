using System.Net.Http.Headers;
using System.Text.Json;
using Azure.Data.Tables;
using ImageResize.Core.Idempotency;
using ImageResize.Core.Storage;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageResize.Tests.Http.Idempotency;

/// <summary>Runs the app with one image on real storage. Jobs are not processed: only their submission counts here.</summary>
public abstract class IdempotencyApi(Azurite azurite) : IAsyncLifetime
{
    protected const string Job = """{ "source": "cat.jpg", "actions": [ { "measure": {} } ] }""";
    protected const string OldJob = "/imageapi?imagePath=cat.jpg";
    protected const string WithoutListeners = "--ImageResize:Role=Api";

    private protected FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    private protected RunningApp App { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => App = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<RunningApp> StartAsync(params string[] settings) => StartAsync(_ => { }, TimeProvider.System, settings);

    /// <summary>With a time that the test sets.</summary>
    private protected Task<RunningApp> StartAsync(Action<IServiceCollection> change) => StartAsync(change, Clock);

    private protected async Task<RunningApp> StartAsync(Action<IServiceCollection> change, TimeProvider clock, params string[] settings)
    {
        var app = await RunningApp.StartAsync(
            azurite.ConnectionString,
            services => change(services.AddSingleton(clock)),
            [WithoutListeners, .. settings]);
        app.Images.Write("cat.jpg", TestImages.Jpeg(40, 30));

        return app;
    }

    /// <summary>Stores keys in memory, so that they expire by the time that the test sets; Azurite uses the real time.</summary>
    protected void AddKeys(IServiceCollection services) => services.AddSingleton<IIdempotencyStore>(new InMemoryIdempotencyStore(Clock));

    private protected Task<Reply> AdvanceUntilAsync(Task<Reply> reply) => AdvanceUntilAsync(reply, Clock);

    /// <summary>Advances time until the response arrives.</summary>
    private protected static async Task<Reply> AdvanceUntilAsync(Task<Reply> reply, FakeTimeProvider clock)
    {
        await Eventually.Async(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return reply.IsCompleted;
        });

        return await reply;
    }

    private protected async Task<Reply> PostAsync(string address, string body, string? key, RunningApp? app = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await (app ?? App).Client.SendAsync(request, Token);
        string[] serverHeaders = ["Date", "Transfer-Encoding", "Content-Length", "RateLimit", "RateLimit-Policy"];
        var headers = response.Headers.Concat(response.Content.Headers)
            .ExceptBy(serverHeaders, header => header.Key)
            .OrderBy(header => header.Key);

        return new Reply(
            (int)response.StatusCode,
            string.Concat(headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}\n")),
            await response.Content.ReadAsStringAsync(Token));
    }

    private protected static Task<RawRequest> SendRawAsync(RunningApp app, string address, string headers, string body = "") =>
        RawRequest.SendAsync(
            app.Client.BaseAddress!,
            $"POST {address} HTTP/1.1\nHost: localhost\n{RequestKey.Header}: {Secrets.ShopKey}\n{headers}\n\n{body}");

    private protected static async Task<int> CountBatchesAsync(RunningApp app)
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

    private protected static async Task<List<Azure.Data.Tables.Models.TableItem>> TablesAsync(RunningApp app)
    {
        var prefix = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.TablePrefix;
        var after = prefix + "~";

        return await app.Services.GetRequiredService<TableServiceClient>()
            .QueryAsync(table => table.Name.CompareTo(prefix) >= 0 && table.Name.CompareTo(after) < 0, cancellationToken: Token)
            .ToListAsync(Token);
    }

    private protected sealed record Reply(int Status, string Headers, string Body)
    {
        public string? Code => JsonDocument.Parse(Body).RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
    }
}
