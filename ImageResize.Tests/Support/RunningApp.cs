using System.Text.Json;
using ImageResize.Core.Identifiers;
using ImageResize.Functions;
using ImageResize.Functions.Http.Keys;
using ImageResize.Functions.Standalone;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Support;

/// <summary>
/// Runs the program in this process, on a free port, with its own images folder, tables and queue. It has the keys of
/// <see cref="Secrets"/>, and its client sends one.
/// </summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _images;

    private RunningApp(WebApplication app, TemporaryFolder images, HttpMessageHandler handler)
    {
        _app = app;
        _images = images;
        Client = new HttpClient(
            handler)
        { BaseAddress = new Uri(app.Urls.Single()), DefaultRequestHeaders = { { RequestKey.Header, Secrets.ShopKey } } };
    }

    /// <summary>Where thumbnails of the client's uploads and web images are.</summary>
    public static string CallerFolder { get; } = $"_callers/{OwnerTag.Of("shop")}";

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public TemporaryFolder Images => _images;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts the program. Its client repeats requests when storage is slow.</summary>
    public static Task<RunningApp> StartAsync(Azurite azurite, params string[] settings) =>
        StartAsync(azurite.ConnectionString, _ => { }, new RetryingClientHandler(), settings);

    public static Task<RunningApp> StartAsync(string connectionString, params string[] settings) =>
        StartAsync(connectionString, _ => { }, settings);

    /// <summary>Starts the program with some services replaced.</summary>
    public static Task<RunningApp> StartAsync(string connectionString, Action<IServiceCollection> change, params string[] settings) =>
        StartAsync(connectionString, change, new HttpClientHandler(), settings);

    private static async Task<RunningApp> StartAsync(
        string connectionString, Action<IServiceCollection> change, HttpMessageHandler handler, string[] settings)
    {
        var images = new TemporaryFolder();
        var name = Azurite.UniquePrefix();
        var builder = StandaloneHost.CreateBuilder(
        [
            "--urls=http://127.0.0.1:0",
            "--environment=Development",
            $"--AzureWebJobsStorage={connectionString}",
            $"--ImageResize:Sources:ImagesRoot={images.Path}",
            $"--ImageResize:Storage:TablePrefix={name}",
            $"--ImageResize:Storage:WorkQueue={name}",
            $"--ImageResize:Keys:shop={Secrets.ShopKey}",
            $"--ImageResize:Keys:printer={Secrets.PrinterKey}",
            $"--ImageResize:AdminKey={Secrets.AdminKey}",
            "--ImageResize:Limits:RequestsPerMinute=1000000",
            "--ImageResize:Limits:Burst=1000000",
            "--ImageResize:Limits:UploadsPerMinute=1000000",
            "--Logging:Console:LogLevel:Default=Error",
            .. settings,
        ]);
        builder.AddApplication(StandaloneHost.VisibilityTimeout, crashMarkerPath: null);
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) => change(services));
        builder.Logging.AddProvider(new LogFiles());
        var app = StandaloneHost.Build(builder);
        await app.StartAsync(Token);

        return new RunningApp(app, images, handler);
    }

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, address);
        using var response = await Client.SendAsync(request, Token);

        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    public Task<(int Status, string Body)> GetAsync(string address) => SendAsync(HttpMethod.Get, address);

    public Task<(int Status, string Body)> PostAsync(string address) => SendAsync(HttpMethod.Post, address);

    /// <summary>Submits a job and returns its id.</summary>
    public async Task<string> SubmitAsync(HttpMethod method, string address)
    {
        var (status, body) = await SendAsync(method, address);
        Assert.Equal(200, status);

        return JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString()!;
    }

    /// <summary>Polls until the job has ended.</summary>
    public async Task<string> ResultAsync(string jobId) => await Eventually.Async(async () =>
    {
        var (status, body) = await GetAsync($"/result?jobId={jobId}");

        return status == 200 ? body : null;
    });

    /// <summary>Polls a job of /v1 until it has ended.</summary>
    public async Task<JsonElement> EndedAsync(string address)
    {
        var ended = await Eventually.Async(async () =>
        {
            var job = JsonDocument.Parse(await Client.GetStringAsync($"{address}?wait=20", Token));

            return job.RootElement.GetProperty("state").GetString() == "queued" ? null : job;
        });

        return ended.RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _images.Dispose();
    }
}
