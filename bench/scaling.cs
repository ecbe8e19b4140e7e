// Simulates how many workers the two platforms run, by their published scaling rules. docs/azure.md contains the output.
//
//   dotnet run bench/scaling.cs
//
// Rates and limits are those of infra/scaling.json and host.json. Load arrives just after the platforms have looked at the queues, which is
// the worst case. The simulation ignores listing a folder, storage limits, cold images, reading results and other tenants.

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var figures = Figures.Read();

Pattern[] patterns =
[
    new("a folder of 500 at once", ImagesPerMessage: 100, second => second == 0 ? 500 : 0, Seconds: 1),
    new("200 single images per second for an hour", ImagesPerMessage: 1, _ => 200, Seconds: 3_600),
    new("a million at once", ImagesPerMessage: 100, second => second == 0 ? 1_000_000 : 0, Seconds: 1),
    new(
        "a daily wave of 0 to 400 single images per second",
        ImagesPerMessage: 1,
        second => 200 * (1 - Math.Cos(second * 2 * Math.PI / 86_400)),
        Seconds: 86_400),
];

Console.WriteLine(
    "| load | platform | images | most workers | largest backlog, images | last result after the last request " +
    "| worker-hours | dollars for workers |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
foreach (var pattern in patterns)
{
    foreach (IScaler scaler in new IScaler[] { new ContainerApps(figures), new FlexConsumption(figures) })
    {
        var run = Run.Of(pattern, scaler, figures);
        Console.WriteLine(
            $"| {pattern.Name} | {scaler.Name} | {run.Images:N0} | {run.MostWorkers} | {run.LargestBacklog:N0} | {run.Drain} s " +
            $"| {run.WorkerSeconds / 3_600:0.00} | {run.Dollars:0.00} |");
    }
}

Console.WriteLine();
Console.WriteLine("| seconds after a million at once | Container Apps: workers | images left | Functions: instances | images left |");
Console.WriteLine("| --- | --- | --- | --- | --- |");
var million = patterns[2];
var (apps, functions) = (Run.Of(million, new ContainerApps(figures), figures), Run.Of(million, new FlexConsumption(figures), figures));
foreach (var second in new[] { 30, 60, 120, 240, 480, 720 })
{
    Console.WriteLine($"| {second} | {apps.At(second)} | {functions.At(second)} |");
}

/// <summary>A load: the number of images submitted in each second.</summary>
internal sealed record Pattern(string Name, int ImagesPerMessage, Func<int, double> ImagesIn, int Seconds);

internal sealed record Figures(
    int ImagesPerSecondPerCore, int ImagesPerBulkMessage, int MessagesAtOnce, int MillisecondsPerSmallMessage, int PollingIntervalSeconds,
    int CooldownSeconds, int WorkerCores, int MaxWorkers, int FunctionInstanceGigabytes, int RequestsPerFunctionInstance,
    int MaxFunctionInstances)
{
    /// <summary><c>batchSize</c> of host.json, which the Functions host uses as the target per instance.</summary>
    public int BatchSize { get; init; }

    public static Figures Read()
    {
        using var host = JsonDocument.Parse(File.ReadAllBytes("host.json"));
        var batchSize = host.RootElement.GetProperty("extensions").GetProperty("queues").GetProperty("batchSize").GetInt32();

        return JsonSerializer.Deserialize(File.ReadAllBytes("infra/scaling.json"), Json.Default.Figures)! with { BatchSize = batchSize };
    }

    /// <summary>Billed time for an image whose message doesn't overlap with others. A message is billed a second at least.</summary>
    public double BilledSecondsAlone(Pattern pattern) =>
        pattern.ImagesPerMessage == 1 ? 1 : Math.Max(1.0 / pattern.ImagesPerMessage, 1 / ImagesPerSecond(pattern));

    /// <summary>Instances that are busy with requests in a second. A request takes as long as a small message, for storage.</summary>
    public double RequestInstances(double requests) =>
        Math.Ceiling(requests * MillisecondsPerSmallMessage / 1_000.0 / RequestsPerFunctionInstance);

    /// <summary>Small messages are limited by storage, large ones by the processor.</summary>
    public double ImagesPerSecond(Pattern pattern) => Math.Min(
        ImagesPerSecondPerCore * WorkerCores, MessagesAtOnce * 1_000.0 / MillisecondsPerSmallMessage * pattern.ImagesPerMessage);
}

internal interface IScaler
{
    string Name { get; }

    /// <summary>Assumed time in seconds to start a worker.</summary>
    int StartSeconds { get; }

    /// <summary>Returns the desired number of workers. Called for each second.</summary>
    int Decide(int second, int workers, double messages, Pattern pattern);

    double Dollars(double workerSeconds, double busySeconds, double requestSeconds, double messages);
}

/// <summary>
/// Scaling in Container Apps as Microsoft documents it. KEDA polls the queue every 30 s and starts the first worker. Every 15 s the
/// autoscaler adds 4 workers or doubles them, whichever is more, and removes those not needed for 300 s. The last one stops after the
/// cooldown.
/// </summary>
internal sealed class ContainerApps(Figures figures) : IScaler
{
    private const int AutoscalerSeconds = 15;

    private readonly Queue<(int Second, int Desired)> _wanted = new();
    private double _seen;
    private int _lastBusy;

    public string Name => "Container Apps";

    public int StartSeconds => 10;

    public int Decide(int second, int workers, double messages, Pattern pattern)
    {
        _lastBusy = messages > 0 ? second : _lastBusy;
        if ((second + 1) % figures.PollingIntervalSeconds == 0)
        {
            _seen = messages;
            if (workers == 0)
            {
                return messages > 0 ? 1 : 0;
            }
        }

        if (workers == 0 || second % AutoscalerSeconds != 0)
        {
            return workers;
        }

        var target = pattern.ImagesPerMessage == 1
            ? figures.MessagesAtOnce * 1_000 / figures.MillisecondsPerSmallMessage * figures.PollingIntervalSeconds
            : figures.ImagesPerSecondPerCore * figures.WorkerCores * figures.PollingIntervalSeconds / figures.ImagesPerBulkMessage;
        var desired = Math.Min((int)Math.Ceiling(_seen / target), figures.MaxWorkers);
        _wanted.Enqueue((second, desired));
        while (_wanted.Peek().Second <= second - figures.CooldownSeconds)
        {
            _wanted.Dequeue();
        }

        if (desired > workers)
        {
            return Math.Min(desired, Math.Max(workers + 4, workers * 2));
        }

        var needed = Math.Max(_wanted.Max(wanted => wanted.Desired), second - _lastBusy < figures.CooldownSeconds ? 1 : 0);

        return Math.Min(workers, needed);
    }

    /// <summary>Price per second of a worker at the active rate, per vCPU and GiB.</summary>
    public double Dollars(double workerSeconds, double busySeconds, double requestSeconds, double messages) =>
        workerSeconds * figures.WorkerCores * (0.000024 + 2 * 0.000003);
}

/// <summary>Target-based scaling as documented: four more instances at most every 30 s. Flex Consumption is faster in practice.</summary>
internal sealed class FlexConsumption(Figures figures) : IScaler
{
    private const int DecisionSeconds = 30;
    private const int MostNew = 4;

    public string Name => "Flex Consumption";

    public int StartSeconds => 5;

    public int Decide(int second, int workers, double messages, Pattern pattern)
    {
        if ((second + 1) % DecisionSeconds != 0)
        {
            return workers;
        }

        var desired = Math.Min((int)Math.Ceiling(messages / figures.BatchSize), figures.MaxFunctionInstances);

        return desired > workers ? Math.Min(desired, workers + MostNew) : Math.Max(desired, workers - MostNew);
    }

    /// <summary>Price per second of execution, and per execution: of the request and of the message.</summary>
    public double Dollars(double workerSeconds, double busySeconds, double requestSeconds, double messages) =>
        ((busySeconds + requestSeconds) * figures.FunctionInstanceGigabytes * 0.000026) + (2 * messages * 0.40 / 1_000_000);
}

/// <summary>Simulates one load on one platform, second by second, until all images are done and all workers stopped.</summary>
internal sealed class Run
{
    private readonly List<(int Workers, double Left)> _seconds = [];

    public double Images { get; private set; }

    public int MostWorkers { get; private set; }

    public double LargestBacklog { get; private set; }

    public int Drain { get; private set; }

    public double WorkerSeconds { get; private set; }

    public double Dollars { get; private set; }

    public static Run Of(Pattern pattern, IScaler scaler, Figures figures)
    {
        var run = new Run();
        var rate = figures.ImagesPerSecond(pattern);
        var starting = new Queue<(int Ready, int Workers)>();
        double left = 0, busySeconds = 0, requestSeconds = 0;
        int workers = 0, ready = 0;
        for (var second = 0; second < pattern.Seconds || left > 0 || workers > 0; second++)
        {
            var arriving = second < pattern.Seconds ? pattern.ImagesIn(second) : 0;
            run.Images += arriving;
            left += arriving;

            var wanted = scaler.Decide(second, workers, Math.Ceiling(left / pattern.ImagesPerMessage), pattern);
            if (wanted > workers)
            {
                starting.Enqueue((second + scaler.StartSeconds, wanted - workers));
            }
            else
            {
                ready = Math.Min(ready, wanted);
            }

            workers = wanted;
            while (starting.TryPeek(out var next) && next.Ready <= second)
            {
                ready = Math.Min(workers, ready + starting.Dequeue().Workers);
            }

            run.LargestBacklog = Math.Max(run.LargestBacklog, left);
            var done = Math.Min(left, ready * rate);
            busySeconds += Math.Min(ready, done * figures.BilledSecondsAlone(pattern));
            requestSeconds += figures.RequestInstances(arriving / pattern.ImagesPerMessage);
            left = left - done < 1e-6 ? 0 : left - done;
            run.Drain = left > 0 || done > 0 ? Math.Max(0, second + 1 - pattern.Seconds) : run.Drain;
            run.MostWorkers = Math.Max(run.MostWorkers, workers);
            run.WorkerSeconds += workers;
            run._seconds.Add((workers, left));
        }

        run.Dollars = scaler.Dollars(run.WorkerSeconds, busySeconds, requestSeconds, run.Images / pattern.ImagesPerMessage);

        return run;
    }

    public string At(int second) => second < _seconds.Count ? $"{_seconds[second].Workers} | {_seconds[second].Left:N0}" : "0 | 0";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Figures))]
internal sealed partial class Json : JsonSerializerContext;
