using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Functions.Hosting;

namespace ImageResize.Functions.Standalone.Queues;

/// <summary>The <c>extensions.queues</c> section of host.json, with the same meaning as for the Functions host.</summary>
internal sealed record QueueSettings
{
    /// <summary>The number of messages to receive at once.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Messages are received while at most this many are being processed.</summary>
    public int NewBatchThreshold { get; init; } = 8;

    /// <summary>The number of tries before a message is moved to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>The delay after a failure. It is not the visibility timeout of messages that are being processed.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>The longest delay between two requests to an empty queue.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the messages of a process that ended stay hidden. host.json has no such setting, because the Functions host's value is
    /// fixed.
    /// </summary>
    [JsonIgnore]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="StartupException">The file is missing or invalid.</exception>
    public static QueueSettings Read(string hostJson)
    {
        try
        {
            using var host = JsonDocument.Parse(File.ReadAllBytes(hostJson));
            var section = host.RootElement.GetProperty("extensions").GetProperty("queues");
            var settings = section.Deserialize<QueueSettings>(JsonSerializerOptions.Web)!;
            if (settings is { BatchSize: >= 1 and <= 32, NewBatchThreshold: >= 0, MaxDequeueCount: >= 1 }
                && settings.VisibilityTimeout >= TimeSpan.Zero
                && settings.MaxPollingInterval > TimeSpan.Zero)
            {
                return settings;
            }

            throw new StartupException($"extensions.queues in {hostJson} contains a value that is out of range (batchSize: 1 to 32).");
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or KeyNotFoundException)
        {
            throw new StartupException($"{hostJson} can't be read: {unreadable.Message}");
        }
    }
}
