using System.ComponentModel.DataAnnotations;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>Blobs as images. Bound from <c>ImageResize:Blobs</c> (<c>ImageResize__Blobs__AllowedContainers</c>).</summary>
public sealed class BlobOptions : IValidatableObject
{
    /// <summary>Containers that images are read from, with a comma between; empty allows none.</summary>
    public string AllowedContainers { get; init; } = "";

    internal string[] Containers => AllowedContainers.Length == 0 ? [] : AllowedContainers.Split(',', StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from container in Containers
        where !BlobPlace.IsContainer(container)
        select new ValidationResult(
            $"ImageResize__Blobs__AllowedContainers names '{container}', which is no container.",
            [nameof(AllowedContainers)]);
}
