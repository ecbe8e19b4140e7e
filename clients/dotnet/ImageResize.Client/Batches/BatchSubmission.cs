namespace ImageResize.Client;

/// <summary>Many images under one id: either <see cref="Items"/> or a <see cref="Manifest"/>.</summary>
public sealed record BatchSubmission
{
    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The images, at most 100,000. They are sent while they are enumerated. If the request must be repeated, they are enumerated again.
    /// </summary>
    public IEnumerable<BatchItem>? Items { get; init; }

    /// <summary>A blob with one item per line, such as <c>blob://lists/all.ndjson</c>.</summary>
    public string? Manifest { get; init; }

    /// <summary>What to do with items that have no actions of their own.</summary>
    public IReadOnlyList<JobAction>? Actions { get; init; }

    /// <summary>The address that is called when the batch has ended.</summary>
    public Uri? Callback { get; init; }
}

/// <summary>An item of a batch.</summary>
/// <param name="Source">An image, a folder or a prefix.</param>
public sealed record BatchItem(string Source)
{
    /// <summary>A name for the image, which its thumbnail has in the archive of the batch. Folders can't have one.</summary>
    public string? Name { get; init; }

    /// <summary>What to do with it. Without it, the actions of the batch.</summary>
    public IReadOnlyList<JobAction>? Actions { get; init; }
}

/// <summary>A batch whose items are in a blob.</summary>
internal sealed record ManifestRequest(string Manifest, IReadOnlyList<JobAction>? Actions)
{
    public string? Name { get; init; }

    public CallbackRequest? Callback { get; init; }

    internal sealed record CallbackRequest(string Url);
}
