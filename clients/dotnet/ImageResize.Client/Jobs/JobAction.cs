using System.Text.Json.Serialization;

namespace ImageResize.Client;

/// <summary>What to do with an image.</summary>
public sealed record JobAction
{
    private JobAction()
    {
    }

    /// <summary>Reads the size from the image's header.</summary>
    public static JobAction Measure { get; } = new() { Measurement = new MeasureOptions() };

    [JsonInclude]
    [JsonPropertyName("measure")]
    internal MeasureOptions? Measurement { get; init; }

    [JsonInclude]
    internal ThumbnailOptions? Thumbnail { get; init; }

    [JsonInclude]
    internal string? Preset { get; init; }

    /// <summary>Makes a thumbnail.</summary>
    public static JobAction MakeThumbnail(ThumbnailOptions options) =>
        options?.Preset is { } preset ? new() { Preset = preset } : new() { Thumbnail = options };

    internal sealed record MeasureOptions;
}

/// <summary>One image and what to do with it.</summary>
internal sealed record JobRequest(string Source, IReadOnlyList<JobAction> Actions);
