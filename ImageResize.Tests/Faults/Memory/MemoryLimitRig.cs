using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageResize.FaultyApp;
using ImageResize.Functions.Http.Keys;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.Http;
using ImageResize.Tests.Support.Processes;
using ImageResize.Tests.Support.Web;

namespace ImageResize.Tests.Faults.Memory;

/// <summary>
/// The program with an image and 1 GiB of memory, for two callers. Requests are those of the first, except where the other one is named.
/// </summary>
internal sealed class MemoryLimitRig : IAsyncDisposable
{
    private const long Gibibyte = 1L << 30;

    private readonly TemporaryFolder _images = new();
    private readonly MemoryCgroup _group = MemoryCgroup.Create(Gibibyte);
    private StartedProgram _program = null!;
    private HttpClient _other = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public HttpClient Client => _program.Client;

    /// <param name="server">Receives all requests to web hosts.</param>
    public static async Task<MemoryLimitRig> StartAsync(
        Azurite azurite, Dictionary<string, string>? settings = null, StubServer? server = null)
    {
        var rig = new MemoryLimitRig();
        var environment = new Dictionary<string, string>(settings ?? [])
        {
            ["ImageResize__Keys__shop"] = Secrets.ShopKey,
            ["ImageResize__Keys__printer"] = Secrets.PrinterKey,
        };
        if (server is not null)
        {
            environment[FaultyProgram.Receiver] = server.Place.ToString();
            environment[FaultyProgram.RealDecoder] = "1";
        }

        rig._images.Write("one.jpg", TestImages.Jpeg(40, 30));
        var program = server is null ? "ImageResize.Functions" : "ImageResize.FaultyApp";
        rig._program = await StartedProgram.StartAsync(azurite, rig._images.Path, environment, rig._group, program);
        rig.Client.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.ShopKey);
        rig._other = new HttpClient(new RetryingClientHandler()) { BaseAddress = rig.Client.BaseAddress, Timeout = rig.Client.Timeout };
        rig._other.DefaultRequestHeaders.Add(RequestKey.Header, Secrets.PrinterKey);

        return rig;
    }

    public string PathOf(string name) => Path.Combine(_images.Path, name);

    /// <returns>Null if the program closed the connection before the body was sent.</returns>
    public async Task<HttpStatusCode?> PostAsync(string address, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.ExpectContinue = true;
        try
        {
            using var response = await Client.SendAsync(request, Token);

            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <returns>The status and the address of the upload.</returns>
    public async Task<(HttpStatusCode Status, Uri? Location)> UploadAsync(byte[] image)
    {
        using var content = new ByteArrayContent(image);
        content.Headers.ContentType = new("image/x");
        using var response = await Client.PostAsync("/v1/images", content, Token);

        return (response.StatusCode, response.Headers.Location);
    }

    public Task<string> SubmitAsync(string source, object[] actions) => SubmitAsync(Client, source, actions);

    /// <returns>The final state of a job.</returns>
    public Task<string> EndAsync(string job) => EndAsync(Client, job);

    public Task<string> GetStateAsync(string job) => GetStateAsync(Client, job);

    /// <summary>Sends a request and reads nothing of the response.</summary>
    public Task<RawRequest> GetUnreadAsync(string address) =>
        RawRequest.SendAsync(Client.BaseAddress!, $"GET {address} HTTP/1.1\nHost: localhost\n{RequestKey.Header}: {Secrets.ShopKey}\n\n");

    /// <summary>Sends an unfinished request.</summary>
    /// <returns>Null if the connection was closed at once.</returns>
    public async Task<RawRequest?> TryHoldAsync(string from)
    {
        try
        {
            return await RawRequest.SendAsync(Client.BaseAddress!, "GET /health/live HTTP/1.1\nHost: localhost\n", from);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Submits a small job of the other caller and waits for its result.</summary>
    public async Task AssertUnharmedAsync()
    {
        var job = await SubmitAsync(_other, "one.jpg", [new { thumbnail = new { width = 20 } }]);

        Assert.Equal("succeeded", await EndAsync(_other, job));
        Assert.False(_program.HasExited, "The program ended.");
    }

    public async ValueTask DisposeAsync()
    {
        _other.Dispose();
        await _program.DisposeAsync();
        _group.Dispose();
        _images.Dispose();
    }

    private static async Task<string> SubmitAsync(HttpClient caller, string source, object[] actions)
    {
        using var response = await caller.PostAsJsonAsync("/v1/jobs", new { source, actions }, Token);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);

        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private static Task<string> EndAsync(HttpClient caller, string job) => Eventually.Async(
        async () => await GetStateAsync(caller, job, "?wait=20") is not "queued" and var state ? state : null,
        within: TimeSpan.FromMinutes(4));

    private static async Task<string> GetStateAsync(HttpClient caller, string job, string query = "") =>
        (await caller.GetFromJsonAsync<JsonElement>($"/v1/jobs/{job}{query}", Token)).GetProperty("state").GetString()!;
}
