using System.Text;
using System.Text.Json;
using ImageResize.Core.Jobs;
using ImageResize.Core.Storage;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>
/// Does to the published handler what the real Functions host was seen to do: starts it and keeps it alive, passes HTTP requests on by
/// function.json's routes, posts queue messages and timer ticks, ends it by SIGKILL. Queues it leaves to the test, which posts by hand
/// (<see cref="TriggerAsync"/>), or pulls by itself (<see cref="HostPulling"/>); timers it always leaves to the test.
/// </summary>
internal sealed class FunctionsHostDouble : IAsyncDisposable
{
    /// <summary>How long the real host waits for what is under way when it is asked to stop.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    private readonly FunctionApp _app;
    private readonly HandlerProcess _handler;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _killed = new();

    private Task _pulling = Task.CompletedTask;

    private FunctionsHostDouble(FunctionApp app, HandlerProcess handler)
    {
        _app = app;
        _handler = handler;
        _ = handler.GivenUp.ContinueWith(_ => _stopping.Cancel(), TaskScheduler.Default);
    }

    /// <summary>What all handlers so far wrote to their outputs.</summary>
    public string Output => _handler.Output;

    /// <summary>The id of the handler's process that runs now; another one after it has been restarted.</summary>
    public int HandlerId => _handler.Id;

    /// <summary>How often the handler has exited and so lost what was under way in it.</summary>
    public int HandlerExits => _handler.Exits;

    /// <summary>Whether the host has stopped by itself, because its handler exited three times, each within 30 minutes of the last.</summary>
    public bool HasGivenUp => _handler.GivenUp.IsCompleted;

    /// <param name="settings">App settings, which the host hands to its handler as environment variables.</param>
    /// <param name="pulling">None: the test posts the messages.</param>
    public static async Task<FunctionsHostDouble> StartAsync(
        FunctionApp app,
        IReadOnlyDictionary<string, string> settings,
        HostPulling? pulling,
        CancellationToken cancellationToken)
    {
        var handler = new HandlerProcess(app, settings);
        var host = new FunctionsHostDouble(app, handler);
        try
        {
            await handler.StartAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        if (pulling is not null)
        {
            host._pulling = host.PullAsync(settings, pulling);
        }

        return host;
    }

    /// <summary>A request from outside, by the routes and methods of function.json; what no function takes is 404. Waits for the handler.</summary>
    /// <exception cref="HttpRequestException">The handler died before it answered.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!_app.Takes(request.Method.Method, request.RequestUri!.ToString().Split('?')[0]))
        {
            return new HttpResponseMessage(System.Net.HttpStatusCode.NotFound);
        }

        request.Headers.Add("X-Forwarded-For", "127.0.0.1");
        request.Headers.Add("X-Forwarded-Proto", "http");
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        await _handler.ReadyAsync(cancellationToken);

        return await _handler.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, address);
        using var response = await SendAsync(request, _killed.Token);

        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(_killed.Token));
    }

    /// <summary>Posts a queue message exactly as the host does, with a binding of data type binary.</summary>
    public Task<HandlerAnswer> TriggerAsync(string function, byte[] message, long dequeueCount = 1)
    {
        var now = DateTimeOffset.UtcNow;
        var envelope = JsonSerializer.Serialize(new
        {
            Data = new Dictionary<string, object> { [_app.Trigger(function).GetProperty("name").GetString()!] = Convert.ToBase64String(message) },
            Metadata = new
            {
                DequeueCount = dequeueCount.ToString(),
                ExpirationTime = now.AddDays(7),
                Id = "\"" + Guid.NewGuid() + "\"",
                InsertionTime = now,
                NextVisibleTime = now.AddMinutes(10),
                PopReceipt = "\"AgAAAAMAAAAAAAAA\"",
                sys = new { MethodName = function, UtcNow = now.UtcDateTime, RandGuid = Guid.NewGuid() },
            },
        });

        return PostAsync(function, envelope);
    }

    public Task<HandlerAnswer> TickAsync(string function) => PostAsync(
        function,
        """{"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"DropExpired"}}}""");

    /// <summary>kill -9 of the handler's process. What is under way in it fails at once; it is started again at the same port.</summary>
    public void KillHandler() => _handler.Kill();

    /// <summary>As the real host stops: fetches no more, waits up to 10 seconds for what is under way, kills the handler.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _pulling.WaitAsync(DrainTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync();
    }

    /// <summary>As if the whole host had been killed: the handler with it, and no message is settled, so that leases must run out.</summary>
    public async ValueTask DisposeAsync()
    {
        await _killed.CancelAsync();
        await _stopping.CancelAsync();
        await _handler.DisposeAsync();
        await _pulling;
    }

    private Task PullAsync(IReadOnlyDictionary<string, string> settings, HostPulling pulling)
    {
        var queues = _app.Queues with { VisibilityTimeout = pulling.VisibilityTimeout ?? _app.Queues.VisibilityTimeout };
        var service = StorageAccount.ByConnectionString(settings["AzureWebJobsStorage"]).OpenQueues();

        return Task.WhenAll(_app.Triggered("queueTrigger").Select(function =>
        {
            var name = _app.Trigger(function).GetProperty("queueName").GetString()!;
            if (pulling.WorkQueue is not null)
            {
                name = name.Replace(new StorageOptions().WorkQueue, pulling.WorkQueue, StringComparison.Ordinal);
            }

            var isPoison = name.EndsWith(StorageQueue.PoisonEnding, StringComparison.Ordinal);
            var queue = new StorageQueue(service, name, new ArrivalSignal());

            return new QueuePull(queue, isPoison, queues, pulling.Lease, (body, delivery, killed) => InvokeAsync(function, body, delivery, killed))
                .RunAsync(_stopping.Token, _killed.Token);
        }));
    }

    private async Task<bool> InvokeAsync(string function, byte[] body, Delivery delivery, CancellationToken killed)
    {
        try
        {
            var answer = await TriggerAsync(function, body, delivery.Count).WaitAsync(_app.FunctionTimeout, killed);

            return answer.IsSuccess;
        }
        catch (TimeoutException)
        {
            _handler.Kill();

            return false;
        }
        catch (Exception dead) when (dead is HttpRequestException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task<HandlerAnswer> PostAsync(string function, string json)
    {
        await _handler.ReadyAsync(_killed.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/" + function)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
            Headers = { TransferEncodingChunked = true },
        };
        using var response = await _handler.Client.SendAsync(request, _killed.Token);

        return new HandlerAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(_killed.Token));
    }
}

/// <summary>The host pulls the queues of function.json by itself, with the settings of host.json.</summary>
/// <param name="Lease">How long a fetched message is hidden, renewed at half. The real host's is <see cref="RealLease"/>.</param>
/// <param name="WorkQueue">
/// What the setting ImageResize__Storage__WorkQueue is, in the place of the name that function.json gives: tests share an account.
/// </param>
/// <param name="VisibilityTimeout">The wait after a failure, in the place of host.json's.</param>
internal sealed record HostPulling(TimeSpan Lease, string? WorkQueue = null, TimeSpan? VisibilityTimeout = null)
{
    public static readonly TimeSpan RealLease = TimeSpan.FromMinutes(10);
}
