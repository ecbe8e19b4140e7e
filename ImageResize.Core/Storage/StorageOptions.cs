using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Storage;

/// <summary>Names in the storage account. Bound from <c>ImageResize:Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>
    /// What the names of our tables and of the uploads' containers begin with. The queues' names are fixed, for the Functions host reads them in function.json.
    /// </summary>
    [RegularExpression("^[a-z][a-z0-9]{2,30}$", ErrorMessage = "ImageResize__Storage__TablePrefix is 3 to 31 small letters and digits, a letter first.")]
    public string TablePrefix { get; init; } = "imageresize";

    /// <summary>The queue of work; what failed too often is in the queue of this name with <c>-poison</c> behind it.</summary>
    [RegularExpression("^[a-z0-9](-?[a-z0-9]){2,50}$", ErrorMessage = "ImageResize__Storage__WorkQueue is no valid queue name of 3 to 51 characters.")]
    public string WorkQueue { get; init; } = "imageresize-work";

    /// <summary>The queue of large batches.</summary>
    internal string BulkQueue => WorkQueue + "-bulk";
}
