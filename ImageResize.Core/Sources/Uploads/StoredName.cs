using ImageResize.Core.Sources.Names;

namespace ImageResize.Core.Sources.Uploads;

/// <summary>The name of an uploaded file as a property of its upload. Escaped, because properties are sent as headers.</summary>
public static class StoredName
{
    /// <summary>Blobs of others have no property of this name by chance.</summary>
    private const string Property = "imageresizename";

    /// <param name="name">Null if the caller sent none.</param>
    public static IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string> properties, string? name) =>
        name is null ? properties : new Dictionary<string, string>(properties) { [Property] = Uri.EscapeDataString(name) };

    public static string? Find(IEnumerable<KeyValuePair<string, string>> properties)
    {
        var found = properties.FirstOrDefault(property => property.Key.Equals(Property, StringComparison.OrdinalIgnoreCase)).Value;

        return found is null ? null : ImageName.Clean(Uri.UnescapeDataString(found));
    }
}
