using System.Net.Http.Headers;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;

namespace ImageResize.Tests.Faults.Apps;

/// <summary>The program under the double of the Functions host, which is started again after it is killed.</summary>
internal sealed class HostedApp : IRestartedApp
{
    private readonly Func<Task<FunctionsHostDouble>> _start;
    private FunctionsHostDouble _host;
    private int _earlierExits;
    private string _earlierOutput = "";
    private int _kills;

    private HostedApp(Func<Task<FunctionsHostDouble>> start, FunctionsHostDouble host) => (_start, _host) = (start, host);

    public int Exits => _earlierExits + _host.WorkerExits;

    public int ProcessId => _host.WorkerId;

    public string Output => _earlierOutput + _host.Output;

    public bool HasGivenUp => _host.HasGivenUp;

    public static async Task<HostedApp> StartAsync(FunctionApp app, IReadOnlyDictionary<string, string> settings, HostSetup setup)
    {
        var start = () => FunctionsHostDouble.StartAsync(app, settings, setup, TestContext.Current.CancellationToken);

        return new HostedApp(start, await start());
    }

    public Task<(int Status, string Body)> SendAsync(HttpMethod method, string address) => _host.SendAsync(method, address);

    /// <summary>Uploads an image.</summary>
    public async Task<(int Status, string Body)> UploadAsync(byte[] image)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images");
        request.Content = new ByteArrayContent(image) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        using var response = await _host.SendAsync(request, TestContext.Current.CancellationToken);

        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Every third kill ends the whole host, because a host stops after three exits of its worker.</summary>
    public async Task KillAsync()
    {
        if (++_kills % 3 != 0)
        {
            var exits = _host.WorkerExits;
            _host.KillWorker();
            await Eventually.Async(() => _host.WorkerExits > exits);
            return;
        }

        await _host.DisposeAsync();
        (_earlierExits, _earlierOutput) = (Exits, Output);
        _host = await _start();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
