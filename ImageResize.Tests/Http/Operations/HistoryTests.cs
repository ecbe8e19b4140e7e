using System.Text.Json;
using ImageResize.Core.Statistics;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ImageResize.Tests.Http.Operations;

/// <summary>The last hours of all instances.</summary>
public sealed class HistoryTests(Azurite azurite)
{
    private const string Address = "/v1/health/history";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_instance_shows_the_work_of_all()
    {
        var tables = $"--ImageResize:Storage:TablePrefix={Azurite.UniquePrefix()}";
        await using var first = await StartAsync(tables);
        await using var second = await StartAsync(tables, "--ImageResize:Role=Worker");
        string[] instances = [await RecordAsync(first), await RecordAsync(second)];

        var (status, body) = await second.GetAsync(Address);

        var history = JsonDocument.Parse(body).RootElement;
        Assert.Equal(200, status);
        Assert.Equal(instances[1], history.GetProperty("answeredBy").GetString());
        Assert.Equal(
            instances.Order(StringComparer.Ordinal),
            history.GetProperty("instances").EnumerateArray().Select(instance => instance.GetProperty("name").GetString()));
        Assert.Equal(2, history.GetProperty("minutes").EnumerateArray().Sum(minute => minute.GetProperty("instances").GetInt32()));
    }

    [Theory]
    [InlineData("not-the-key-of-anybody", Address, 401)]
    [InlineData(Secrets.ShopKey, Address, 401)]
    [InlineData(Secrets.AdminKey, Address, 200)]
    [InlineData(Secrets.AdminKey, Address + "?hours=24", 200)]
    [InlineData(Secrets.AdminKey, Address + "?hours=25", 400)]
    [InlineData(Secrets.AdminKey, Address + "?hours=0", 400)]
    public async Task The_history_requires_the_admin_key_and_shows_a_day_at_most(string key, string address, int status)
    {
        await using var app = await StartAsync();
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
        app.Client.DefaultRequestHeaders.Add(RequestKey.Header, key);

        Assert.Equal(status, (await app.GetAsync(address)).Status);
    }

    private async Task<RunningApp> StartAsync(params string[] settings)
    {
        var app = await RunningApp.StartAsync(azurite, settings);
        app.Client.DefaultRequestHeaders.Remove(RequestKey.Header);
        app.Client.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.AdminKey);

        return app;
    }

    private static async Task<string> RecordAsync(RunningApp app)
    {
        var recorder = app.Services.GetRequiredService<StatisticsRecorder>();
        await recorder.RecordAsync(Token);

        return recorder.Instance;
    }
}
