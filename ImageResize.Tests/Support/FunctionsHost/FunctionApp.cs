using System.Text.Json;

namespace ImageResize.Tests.Support.FunctionsHost;

/// <summary>A published function app, as host.json and worker.config.json describe it.</summary>
internal sealed class FunctionApp(string root)
{
    public string Root => root;

    public JsonElement HostJson { get; } = Read(Path.Combine(root, "host.json"));

    /// <summary>The program and its first argument that start the worker.</summary>
    public (string Executable, string Worker) Command
    {
        get
        {
            var description = Read(Path.Combine(root, "worker.config.json")).GetProperty("description");

            return (description.GetProperty("defaultExecutablePath")
                .GetString()!, description.GetProperty("defaultWorkerPath").GetString()!);
        }
    }

    public TimeSpan FunctionTimeout => TimeSpan.Parse(HostJson.GetProperty("functionTimeout").GetString()!);

    public QueueOptions Queues =>
        HostJson.GetProperty("extensions").GetProperty("queues").Deserialize<QueueOptions>(JsonSerializerOptions.Web)!;

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
}

/// <summary>The <c>extensions.queues</c> section of host.json, with the host's defaults.</summary>
internal sealed record QueueOptions
{
    public int BatchSize { get; init; } = 16;

    public int NewBatchThreshold { get; init; } = 8;

    public int MaxDequeueCount { get; init; } = 5;

    public TimeSpan VisibilityTimeout { get; init; }

    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>With <c>none</c>, the host passes messages on as they are on the queue.</summary>
    public string MessageEncoding { get; init; } = "base64";
}
