using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageResize.Functions.Queue;

/// <summary>The <c>extensions.queues</c> section of host.json, which means the same here as to the Functions host.</summary>
internal sealed record QueueSettings
{
    /// <summary>Messages fetched at once.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>More are fetched when no more than this many are being worked on.</summary>
    public int NewBatchThreshold { get; init; } = 8;

    /// <summary>Tries, after which a message goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>The wait after a failure. How long a message is hidden while it is worked on is another matter.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>The longest wait between two looks into an empty queue.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a dead process's messages stay hidden. No setting: host.json has none, for the Functions host's is fixed.</summary>
    [JsonIgnore]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="StartupException">The file is missing or does not hold what it should.</exception>
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

            throw new StartupException($"extensions.queues in {hostJson} holds a value out of range (batchSize is 1 to 32).");
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or KeyNotFoundException)
        {
            throw new StartupException($"{hostJson} cannot be read: {unreadable.Message}");
        }
    }
}
