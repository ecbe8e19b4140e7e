using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Watches.Settings;

/// <summary>A container or folder whose images are processed as they appear, as its settings describe it.</summary>
public sealed record WatchSettings
{
    /// <summary>A container or prefix (<c>blob://photos/in/**</c>), or a folder under the images folder (<c>in/**</c>).</summary>
    [Required, StringLength(4_096)]
    public string Source { get; init; } = "";

    /// <summary>The preset of the thumbnail. Replaces <see cref="Actions"/>.</summary>
    public string? Preset { get; init; }

    /// <summary>The actions as JSON, as in a request: <c>[ { "thumbnail": { "width": 300 } } ]</c>.</summary>
    public string? Actions { get; init; }

    /// <summary>The address that is called when a batch has ended.</summary>
    public string? Callback { get; init; }

    /// <summary>The caller to whom the batches belong. Empty if no caller may read them.</summary>
    public string? Caller { get; init; }

    /// <summary>The pause between two listings. 0: images are announced by events only.</summary>
    [Range(0, 86_400)]
    public int IntervalSeconds { get; init; } = 1;
}
