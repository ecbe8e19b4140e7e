using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Storage;

/// <summary>Names in the storage account. Bound from <c>ImageResize:Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>
    /// The beginning of the names of all tables, and of the containers of uploads and manifests.
    /// </summary>
    [RegularExpression(
        "^[a-z][a-z0-9]{2,30}$",
        ErrorMessage = "ImageResize__Storage__TablePrefix must be 3 to 31 lowercase letters and digits, the first one a letter.")]
    public string TablePrefix { get; init; } = "imageresize";

    /// <summary>The queue of small batches. Messages that fail too often are moved to the queue with the suffix <c>-poison</c>.</summary>
    [RegularExpression(
        "^[a-z0-9](-?[a-z0-9]){2,50}$",
        ErrorMessage = "ImageResize__Storage__WorkQueue must be a valid queue name of 3 to 51 characters.")]
    public string WorkQueue { get; init; } = "imageresize-work";

    /// <summary>The queue of large batches.</summary>
    internal string BulkQueue => WorkQueue + "-bulk";

    /// <summary>The queue that Event Grid sends events of blobs to.</summary>
    internal string EventQueue => WorkQueue + "-events";
}
