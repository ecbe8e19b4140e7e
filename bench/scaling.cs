// How many workers the two platforms would run for four ways of asking, by their published rules. A simulation: no cloud, no clock, no
// chance, so it prints the same every time. Its table stands in docs/azure.md, which .ci/run compares.
//
//   dotnet run bench/scaling.cs
//
// Rates and limits are those of infra/scaling.json and host.json, as the deployment uses them. Not in it: listing a folder, storage's own
// limits, cold images, other tenants.

using System.Globalization;
using System.Text.Json;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var figures = Figures.Read();

Pattern[] patterns =
[
    new("a folder of 500 at once", ImagesPerMessage: 100, second => second == 0 ? 500 : 0, Seconds: 1),
    new("200 single images a second, for an hour", ImagesPerMessage: 1, _ => 200, Seconds: 3_600),
    new("a million at once", ImagesPerMessage: 100, second => second == 0 ? 1_000_000 : 0, Seconds: 1),
    new("a day's wave of single images, 0 to 400 a second", ImagesPerMessage: 1, second => 200 * (1 - Math.Cos(second * 2 * Math.PI / 86_400)), Seconds: 86_400),
];

Console.WriteLine("| asked | platform | images | workers at most | longest backlog, images | last result after the last request | worker-hours | dollars for workers |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
foreach (var pattern in patterns)
{
    foreach (IScaler scaler in new IScaler[] { new ContainerApps(figures), new FlexConsumption(figures) })
    {
        var run = Run.Of(pattern, scaler, figures);
        Console.WriteLine($"| {pattern.Name} | {scaler.Name} | {run.Images:N0} | {run.MostWorkers} | {run.LongestBacklog:N0} | {run.Drain} s | {run.WorkerSeconds / 3_600:0.00} | {run.Dollars:0.00} |");
    }
}

Console.WriteLine();
Console.WriteLine("| seconds after a million were asked for | Container Apps: workers | images left | Functions: instances | images left |");
Console.WriteLine("| --- | --- | --- | --- | --- |");
var million = patterns[2];
var (containers, functions) = (Run.Of(million, new ContainerApps(figures), figures), Run.Of(million, new FlexConsumption(figures), figures));
foreach (var second in new[] { 30, 60, 120, 240, 480, 720 })
{
    Console.WriteLine($"| {second} | {containers.At(second)} | {functions.At(second)} |");
}

/// <summary>Ways of asking: images by the second.</summary>
internal sealed record Pattern(string Name, int ImagesPerMessage, Func<int, double> ImagesIn, int Seconds);

internal sealed record Figures(
    int ImagesPerSecondPerCore, int ImagesPerBulkMessage, int MessagesAtOnce, int MillisecondsPerSmallMessage, int PollingIntervalSeconds,
    int CooldownSeconds, int WorkerCores, int MaxWorkers, int FunctionInstanceGigabytes, int MaxFunctionInstances)
{
    /// <summary>host.json's batchSize: what the Functions host calls the target of an instance.</summary>
    public int BatchSize { get; init; }

    public static Figures Read()
    {
        using var host = JsonDocument.Parse(File.ReadAllBytes("host.json"));
        var batchSize = host.RootElement.GetProperty("extensions").GetProperty("queues").GetProperty("batchSize").GetInt32();

        return JsonSerializer.Deserialize(File.ReadAllBytes("infra/scaling.json"), Json.Default.Figures)! with { BatchSize = batchSize };
    }

    /// <summary>How long an instance executes for one image, when no other overlaps it: what is billed at worst.</summary>
    public double SecondsAlone(Pattern pattern) => pattern.ImagesPerMessage == 1 ? MillisecondsPerSmallMessage / 1_000.0 : 1 / ImagesPerSecond(pattern);

    /// <summary>Small messages wait for storage, large ones keep the cores busy.</summary>
    public double ImagesPerSecond(Pattern pattern) => Math.Min(
        ImagesPerSecondPerCore * WorkerCores,
        MessagesAtOnce * 1_000.0 / MillisecondsPerSmallMessage * pattern.ImagesPerMessage);
}

internal interface IScaler
{
    string Name { get; }

    /// <summary>Seconds from the decision until a worker works; assumed.</summary>
    int StartSeconds { get; }

    /// <summary>Asked once a second; most answers are what there is.</summary>
    int Decide(int second, int workers, double messages, Pattern pattern);

    double Dollars(double workerSeconds, double busySeconds, double messages);
}

/// <summary>
/// KEDA asks the queue every 30 s and starts the first; the autoscaler behind it looks every 15 s, adds 4 or doubles, whichever is more,
/// and takes away what was not needed for 300 s; the last goes after the cooldown. As Microsoft describes scaling in Container Apps.
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
        if (second % figures.PollingIntervalSeconds == 0)
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

    /// <summary>By the second that a worker is there, at the active rate: a vCPU and a GiB.</summary>
    public double Dollars(double workerSeconds, double busySeconds, double messages) =>
        workerSeconds * figures.WorkerCores * (0.000024 + 2 * 0.000003);
}

/// <summary>
/// Target-based scaling: messages by the target of an instance, at most four more at a time; other triggers than HTTP get new instances
/// at most every 30 s. As Microsoft documents it; in practice Flex Consumption is quicker, so this is the slow end.
/// </summary>
internal sealed class FlexConsumption(Figures figures) : IScaler
{
    private const int DecisionSeconds = 30;
    private const int MostNew = 4;

    public string Name => "Flex Consumption";

    public int StartSeconds => 5;

    public int Decide(int second, int workers, double messages, Pattern pattern)
    {
        if (second % DecisionSeconds != 0)
        {
            return workers;
        }

        var desired = Math.Min((int)Math.Ceiling(messages / figures.BatchSize), figures.MaxFunctionInstances);

        return desired > workers ? Math.Min(desired, workers + MostNew) : Math.Max(desired, workers - MostNew);
    }

    /// <summary>By the second that an instance executes, and by execution.</summary>
    public double Dollars(double workerSeconds, double busySeconds, double messages) =>
        (busySeconds * figures.FunctionInstanceGigabytes * 0.000026) + (messages * 0.40 / 1_000_000);
}

/// <summary>One pattern on one platform, second by second until all is done and the workers are gone.</summary>
internal sealed class Run
{
    private readonly List<(int Workers, double Left)> _seconds = [];

    public double Images { get; private set; }

    public int MostWorkers { get; private set; }

    public double LongestBacklog { get; private set; }

    public int Drain { get; private set; }

    public double WorkerSeconds { get; private set; }

    public double Dollars { get; private set; }

    public static Run Of(Pattern pattern, IScaler scaler, Figures figures)
    {
        var run = new Run();
        var rate = figures.ImagesPerSecond(pattern);
        var starting = new Queue<(int Ready, int Workers)>();
        double left = 0, busySeconds = 0;
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

            run.LongestBacklog = Math.Max(run.LongestBacklog, left);
            var done = Math.Min(left, ready * rate);
            busySeconds += Math.Min(ready, done * figures.SecondsAlone(pattern));
            left = left - done < 1e-6 ? 0 : left - done;
            run.Drain = left > 0 || done > 0 ? Math.Max(0, second + 1 - pattern.Seconds) : run.Drain;
            run.MostWorkers = Math.Max(run.MostWorkers, workers);
            run.WorkerSeconds += workers;
            run._seconds.Add((workers, left));
        }

        run.Dollars = scaler.Dollars(run.WorkerSeconds, busySeconds, run.Images / pattern.ImagesPerMessage);

        return run;
    }

    public string At(int second) => second < _seconds.Count ? $"{_seconds[second].Workers} | {_seconds[second].Left:N0}" : "0 | 0";
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
[System.Text.Json.Serialization.JsonSerializable(typeof(Figures))]
internal sealed partial class Json : System.Text.Json.Serialization.JsonSerializerContext;
