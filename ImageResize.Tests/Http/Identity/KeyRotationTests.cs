using System.Text;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Http.Identity;

/// <summary>A caller's key is changed while the caller sends requests.</summary>
public sealed class KeyRotationTests(Azurite azurite)
{
    private const string Old = Secrets.ShopKey;
    private const string New = Secrets.Prefix + "-new-key-of-shop";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The steps of docs/api.md, with instances that are replaced one by one.</summary>
    [Fact]
    public async Task No_request_fails_between_the_old_and_the_new_key()
    {
        var name = Azurite.UniquePrefix();
        string[] shared =
            ["--environment=Production", $"--ImageResize:Storage:TablePrefix={name}", $"--ImageResize:Storage:WorkQueue={name}"];
        await using var before = await RunningApp.StartAsync(azurite, shared);
        await using var both = await RunningApp.StartAsync(azurite, [.. shared, $"--ImageResize:NextKeys:shop={New}"]);
        await using var after = await RunningApp.StartAsync(azurite, [.. shared, $"--ImageResize:Keys:shop={New}"]);
        (RunningApp[] Instances, string[] Keys)[] steps =
        [
            ([before], [Old]),
            ([before, both], [Old]),
            ([both], [Old, New]),
            ([both, after], [New]),
            ([after], [New]),
        ];

        var jobs = new List<string>();
        foreach (var (app, key) in steps.SelectMany(step => step.Instances.SelectMany(app => step.Keys.Select(key => (app, key)))))
        {
            jobs.Add(await SubmitAsync(app, key));
            foreach (var job in jobs)
            {
                Assert.Equal(200, await ReadAsync(app, key, job));
            }
        }

        Assert.Equal(401, await ReadAsync(after, Old, jobs[0]));
    }

    private static async Task<string> SubmitAsync(RunningApp app, string key)
    {
        using var request = With(key, HttpMethod.Post, "/v1/jobs");
        request.Content = new StringContent(
            """{ "source": "missing.jpg", "actions": [ { "measure": {} } ] }""", Encoding.UTF8, "application/json");
        using var response = await app.Client.SendAsync(request, Token);
        Assert.Equal(202, (int)response.StatusCode);

        return response.Headers.Location!.OriginalString;
    }

    private static async Task<int> ReadAsync(RunningApp app, string key, string job)
    {
        using var request = With(key, HttpMethod.Get, job);
        using var response = await app.Client.SendAsync(request, Token);

        return (int)response.StatusCode;
    }

    /// <summary>The client's own key is replaced.</summary>
    private static HttpRequestMessage With(string key, HttpMethod method, string address) =>
        new(method, address) { Headers = { { RequestKey.Header, key } } };
}
