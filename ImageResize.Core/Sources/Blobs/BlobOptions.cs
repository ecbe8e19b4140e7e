using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Sources.Blobs;

/// <summary>Blobs as sources. Bound from <c>ImageResize:Blobs</c> (<c>ImageResize__Blobs__AllowedContainers</c>).</summary>
public sealed class BlobOptions : IValidatableObject
{
    /// <summary>Containers that images are read from, separated by commas. Empty allows none.</summary>
    public string AllowedContainers { get; init; } = "";

    internal string[] Containers => AllowedContainers.Length == 0 ? [] : AllowedContainers.Split(',', StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from container in Containers
        where !BlobPath.IsContainer(container)
        select new ValidationResult(
            $"ImageResize__Blobs__AllowedContainers names '{container}', which is not a valid container name.",
            [nameof(AllowedContainers)]);
}
