using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>
/// Does to the published handler what the real Functions host was seen to do: starts it with the host's environment, probes
/// <c>GET /</c>, passes HTTP requests on by function.json's routes, posts queue messages and timer ticks, ends it by SIGKILL.
/// </summary>
internal sealed class FunctionsHostDouble : IAsyncDisposable
{
    private static readonly TimeSpan InitializationTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(25);

    private readonly Dictionary<string, JsonElement> _functions;
    private readonly TcpListener _ownPort;
    private readonly StringBuilder _output = new();
    private readonly Process _handler;
    private readonly HttpClient _client;

    private FunctionsHostDouble(PublishedApp published, Process handler, int port, TcpListener ownPort)
    {
        _functions = published.ReadFunctions();
        _handler = handler;
        _ownPort = ownPort;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        handler.OutputDataReceived += (_, line) => Hear(line.Data);
        handler.ErrorDataReceived += (_, line) => Hear(line.Data);
        handler.BeginOutputReadLine();
        handler.BeginErrorReadLine();
    }

    /// <summary>What the handler wrote to its outputs.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="settings">App settings, which the host hands to its handler as environment variables.</param>
    public static async Task<FunctionsHostDouble> StartAsync(PublishedApp published, IReadOnlyDictionary<string, string> settings)
    {
        // The host's own port is taken by the host, and its environment names it: a handler that obeys ASPNETCORE_URLS dies.
        var ownPort = new TcpListener(IPAddress.Loopback, 0);
        ownPort.Start();
        var port = FreePorts.TakeOne();

        var description = published.ReadHostJson().GetProperty("customHandler").GetProperty("description");
        var start = new ProcessStartInfo(
            description.GetProperty("defaultExecutablePath").GetString()!,
            description.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!))
        {
            WorkingDirectory = published.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(),
                ["FUNCTIONS_APP_ROOT_PATH"] = published.Root,
                ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
                ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{((IPEndPoint)ownPort.LocalEndpoint).Port}",
                ["ASPNETCORE_CONTENTROOT"] = Path.GetTempPath(),
            },
        };
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var host = new FunctionsHostDouble(published, Process.Start(start)!, port, ownPort);
        await host.ProbeAsync();

        return host;
    }

    /// <summary>A request from outside, by the routes and methods of function.json; what no function takes is 404.</summary>
    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string address)
    {
        var path = address.Split('?')[0].Trim('/');
        if (!_functions.Values.Any(function => Takes(function, method, path)))
        {
            return (404, "");
        }

        using var request = new HttpRequestMessage(method, address);
        request.Headers.Add("X-Forwarded-For", "127.0.0.1");
        request.Headers.Add("X-Forwarded-Proto", "http");
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        using var response = await _client.SendAsync(request, Token);

        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    /// <summary>Posts a queue message exactly as the host does, with a binding of data type binary.</summary>
    public async Task<HandlerAnswer> TriggerAsync(string function, byte[] message, int dequeueCount = 1)
    {
        var binding = Trigger(_functions[function]);
        var now = DateTimeOffset.UtcNow;
        var envelope = JsonSerializer.Serialize(new
        {
            Data = new Dictionary<string, object> { [binding.GetProperty("name").GetString()!] = Convert.ToBase64String(message) },
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

        return await PostAsync(function, envelope);
    }

    public Task<HandlerAnswer> TickAsync(string function) => PostAsync(
        function,
        """{"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"DropExpired"}}}""");

    public async ValueTask DisposeAsync()
    {
        // The real host gives its handler no chance to say goodbye.
        _handler.Kill();
        await _handler.WaitForExitAsync(CancellationToken.None);
        _handler.Dispose();
        _client.Dispose();
        _ownPort.Dispose();
    }

    internal static JsonElement Trigger(JsonElement function) => function.GetProperty("bindings").EnumerateArray()
        .Single(binding => binding.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal));

    private async Task ProbeAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < InitializationTimeout)
        {
            Assert.False(_handler.HasExited, "The handler ended while it started: " + Output);
            try
            {
                using var any = await _client.GetAsync("/", Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(ProbeInterval, Token);
            }
        }

        Assert.Fail("The handler did not answer within 30 seconds: " + Output);
    }

    private async Task<HandlerAnswer> PostAsync(string function, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/" + function)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
            Headers = { TransferEncodingChunked = true },
        };
        using var response = await _client.SendAsync(request, Token);

        return new HandlerAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private static bool Takes(JsonElement function, HttpMethod method, string path)
    {
        var trigger = Trigger(function);
        if (trigger.GetProperty("type").GetString() != "httpTrigger")
        {
            return false;
        }

        // The root's own spelling: an empty route would mean the function's name.
        var route = trigger.GetProperty("route").GetString() == "{ignored:maxlength(0)?}" ? "" : Regex.Replace(Regex.Escape(trigger.GetProperty("route").GetString()!), @"\\\{\\\*\w+}", ".*");

        return Regex.IsMatch(path, $"^{route}$", RegexOptions.IgnoreCase)
            && trigger.GetProperty("methods").EnumerateArray().Any(taken => taken.GetString()!.Equals(method.Method, StringComparison.OrdinalIgnoreCase));
    }

    private void Hear(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}

/// <summary>What the handler said to a trigger, and what the host makes of it.</summary>
internal sealed record HandlerAnswer(int Status, string Body)
{
    /// <summary>2xx with a JSON object. Text, an array, null, nothing: failure, or worse, an invocation that hangs.</summary>
    public bool IsSuccess
    {
        get
        {
            try
            {
                return Status is >= 200 and < 300 && JsonDocument.Parse(Body).RootElement.ValueKind == JsonValueKind.Object;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }
}
