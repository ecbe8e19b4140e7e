using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ImageResize.Tests.Support.FunctionsHost.Rpc;
using Microsoft.AspNetCore.Builder;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>
/// Runs a published isolated-worker app as the real Functions host does: starts the worker and keeps it running, speaks its gRPC
/// protocol, forwards HTTP requests, receives queue messages. Timers do not fire by themselves: tests call <see cref="TickAsync"/>.
/// </summary>
internal sealed class FunctionsHostDouble : IAsyncDisposable
{
    private static readonly TimeSpan TerminateGracePeriod = TimeSpan.FromSeconds(5);

    private readonly HostSetup _setup;
    private readonly WorkerSupervisor _worker;
    private readonly FunctionInvoker _functions;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _killed = new();
    private WebApplication? _rpc;
    private WebApplication? _http;
    private Task _receiving = Task.CompletedTask;

    private FunctionsHostDouble(FunctionApp app, IReadOnlyDictionary<string, string> settings, HostSetup setup)
    {
        _setup = setup;
        _worker = new WorkerSupervisor(app, settings);
        _functions = new FunctionInvoker(_worker, setup.FunctionTimeout ?? app.FunctionTimeout);
        _ = GiveUpAsync();
    }

    /// <summary>Log entries and outputs of all workers so far.</summary>
    public string Output => _worker.Output;

    /// <summary>The id of the worker's running process.</summary>
    public int WorkerId => _worker.ProcessId;

    /// <summary>How many of the worker's processes have ended.</summary>
    public int WorkerExits => _worker.Exits;

    /// <summary>Whether the host has stopped by itself, because its worker has failed three times.</summary>
    public bool HasGivenUp => _worker.GivenUp.IsCompleted;

    /// <summary>The functions that the worker has declared.</summary>
    public IReadOnlyList<DeclaredFunction> Functions { get; private set; } = [];

    /// <summary>Calls the host with a function key.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "x-functions-key", HttpTriggers.FunctionKey } },
    };

    /// <param name="settings">App settings, which the host passes to its worker as environment variables.</param>
    public static async Task<FunctionsHostDouble> StartAsync(
        FunctionApp app,
        IReadOnlyDictionary<string, string> settings,
        HostSetup setup,
        CancellationToken cancellationToken)
    {
        var host = new FunctionsHostDouble(app, settings, setup);
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        if (setup.ReceivesMessages)
        {
            host._receiving = host.ReceiveAsync(app.Queues, settings["AzureWebJobsStorage"]);
        }

        return host;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, address);
        using var response = await SendAsync(request, _killed.Token);

        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(_killed.Token));
    }

    /// <summary>Invokes a queue function by hand.</summary>
    /// <returns>Null after a success, else why the function failed.</returns>
    public Task<string?> InvokeAsync(string function, byte[] body, long dequeueCount = 1)
    {
        var now = DateTimeOffset.UtcNow;
        var message = QueuesModelFactory.QueueMessage(
            Guid.NewGuid()
                .ToString(), "AgAAAAMAAAAAAAAA", BinaryData.FromBytes(body), dequeueCount, now.AddMinutes(10), now, now.AddDays(7));

        return InvokeAsync(QueueTrigger.Describe(Function(function), message, body));
    }

    /// <summary>Invokes a timer function.</summary>
    /// <returns>Null after a success, else why the function failed.</returns>
    public Task<string?> TickAsync(string function) => InvokeAsync(new InvocationRequest
    {
        InvocationId = Guid.NewGuid().ToString(),
        FunctionId = Function(function).Id,
        TraceContext = new RpcTraceContext(),
        InputData =
        {
            new ParameterBinding
            {
                Name = Function(function).Parameter,
                Data = new TypedData { Json = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""" },
            },
        },
    });

    /// <summary>Kills the worker's process. Its invocations fail at once, and the worker is started again.</summary>
    public void KillWorker() => _worker.Kill();

    /// <summary>
    /// Stops as the real host does after SIGTERM. It continues to receive until the running invocations have ended, for 10 seconds
    /// at most. Then it receives no more, cancels the rest, waits for them if the first ended in time, and terminates the worker.
    /// </summary>
    public async Task StopAsync()
    {
        var worker = await _functions.ReadyAsync(_killed.Token);
        var drained = worker.DrainAsync();
        await drained.WaitAsync(_setup.DrainTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();
        worker.CancelAll();
        if (drained.IsCompleted)
        {
            await worker.DrainAsync().WaitAsync(_setup.DrainTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _worker.TerminateAsync(TerminateGracePeriod);
        await _receiving.WaitAsync(TerminateGracePeriod).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync();
    }

    /// <summary>Ends as if host and worker had been killed: no message is settled, so that leases must run out.</summary>
    public async ValueTask DisposeAsync()
    {
        await _killed.CancelAsync();
        await _stopping.CancelAsync();
        await _worker.DisposeAsync();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Client.Dispose();
        foreach (var server in (WebApplication?[])[_http, _rpc])
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _rpc = await RpcServer.StartAsync(_worker, cancellationToken);
        Functions = (await _worker.StartAsync(new Uri(_rpc.Urls.Single()), cancellationToken)).Functions;
        _http = await HttpServer.StartAsync(_functions, Functions, cancellationToken);
        Client.BaseAddress = new Uri(_http.Urls.Single());
    }

    /// <summary>The real host's process ends when its worker has failed too often.</summary>
    private async Task GiveUpAsync()
    {
        await _worker.GivenUp;
        await _stopping.CancelAsync();
        await (_http?.StopAsync() ?? Task.CompletedTask);
    }

    private Task ReceiveAsync(QueueOptions declared, string connectionString)
    {
        var options = declared with { VisibilityTimeout = _setup.VisibilityTimeout ?? declared.VisibilityTimeout };
        var service = new QueueServiceClient(connectionString);

        return Task.WhenAll(Functions.Where(function => function.TriggerType == "queueTrigger").Select(function =>
        {
            const string poisonEnding = "-poison";
            var name = _setup.QueueName(function.QueueName);
            var poison = name.EndsWith(poisonEnding, StringComparison.Ordinal) ? null : service.GetQueueClient(name + poisonEnding);

            return new QueueTrigger(service.GetQueueClient(name), poison, options, _setup.Lease, InvokeAsync)
                .RunAsync(_stopping.Token, _killed.Token);

            async Task<bool> InvokeAsync(QueueMessage message, byte[] body, CancellationToken killed) =>
                await this.InvokeAsync(QueueTrigger.Describe(function, message, body)).WaitAsync(killed) is null;
        }));
    }

    private async Task<string?> InvokeAsync(InvocationRequest request)
    {
        try
        {
            await _functions.InvokeAsync(await _functions.ReadyAsync(_killed.Token), request, CancellationToken.None);

            return null;
        }
        catch (Exception failure) when (failure is FunctionFailedException or WorkerEndedException or InvalidOperationException)
        {
            return failure.Message;
        }
    }

    private DeclaredFunction Function(string name) => Functions.Single(function => function.Name == name);
}
