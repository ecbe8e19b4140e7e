using System.Text.RegularExpressions;
using ImageResize.Core.Errors;

namespace ImageResize.Core.Storage.Blobs;

/// <summary>
/// A blob, or the blobs under a prefix, as callers spell them: <c>blob://container/a/b.jpg</c>; <c>blob://container/a/</c> for what lies
/// directly in there and <c>blob://container/a/**</c> for what lies deeper too. Names are taken as they are, never decoded.
/// </summary>
internal sealed partial record BlobPlace(string Container, string Name)
{
    private const string Scheme = "blob://";
    private const string Deep = "**";

    /// <summary>What the service allows a name.</summary>
    private const int LongestName = 1_024;

    public bool IsDeep => Name == Deep || Name.EndsWith("/" + Deep, StringComparison.Ordinal);

    public bool IsFolder => Name.Length == 0 || Name.EndsWith('/') || IsDeep;

    /// <summary>What the names of a folder's blobs begin with.</summary>
    public string Prefix => IsDeep ? Name[..^Deep.Length] : Name;

    public static bool IsBlob(string source) => source.StartsWith(Scheme, StringComparison.Ordinal);

    public static bool IsContainer(string name) => name.Length is >= 3 and <= 63 && ContainerPattern.IsMatch(name);

    /// <exception cref="RefusedException">No name of a container or blob that we would ever read.</exception>
    public static BlobPlace Parse(string source)
    {
        var rest = source[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (container, name) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (!IsContainer(container))
        {
            throw Refused("A blob is spelled blob://container/name, and this names no container");
        }

        if (name.Length > LongestName)
        {
            throw Refused($"The blob's name is longer than {LongestName} characters");
        }

        if (name.Any(c => char.IsControl(c) || c == '\uFFFD'))
        {
            throw Refused("The blob's name holds a control character or is not UTF-8");
        }

        if (name.Contains('\\', StringComparison.Ordinal))
        {
            throw Refused("The blob's name holds a backslash; its separator is /");
        }

        // In an address, dots would lead to another container.
        if (name.Length > 0 && (name.EndsWith('/') ? name[..^1] : name).Split('/').Any(part => part is "" or "." or ".."))
        {
            throw Refused("The blob's name has a part that is empty or made of dots");
        }

        return new BlobPlace(container, name);
    }

    public override string ToString() => $"{Scheme}{Container}/{Name}";

    private static RefusedException Refused(string message) => new(ErrorCode.InvalidSource, message);

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex ContainerPattern { get; }
}
