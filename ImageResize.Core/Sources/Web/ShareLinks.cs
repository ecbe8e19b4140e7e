using System.Text.RegularExpressions;
using System.Web;

namespace ImageResize.Core.Sources.Web;

/// <summary>Converts share links of Google Drive and Dropbox, which open a page, to the address of the file.</summary>
internal static partial class ShareLinks
{
    /// <returns>The address of the file, or the same address if it is not a share link.</returns>
    public static Uri Direct(Uri address) => address.Host switch
    {
        "drive.google.com" => DirectDrive(address),
        "www.dropbox.com" or "dropbox.com" => DirectDropbox(address),
        _ => address,
    };

    private static Uri DirectDrive(Uri address)
    {
        var query = HttpUtility.ParseQueryString(address.Query);
        var id = address.AbsolutePath is "/open" or "/uc" ? query["id"] : DriveFile.Match(address.AbsolutePath).Groups["id"].Value;

        if (string.IsNullOrEmpty(id))
        {
            return address;
        }

        // Links created before September 2021 only work with their resource key.
        var key = query["resourcekey"] is { Length: > 0 } resourceKey ? $"&resourcekey={Uri.EscapeDataString(resourceKey)}" : "";

        return new Uri($"https://drive.google.com/uc?export=download&id={Uri.EscapeDataString(id)}{key}");
    }

    private static Uri DirectDropbox(Uri address)
    {
        if (!DropboxFile.IsMatch(address.AbsolutePath))
        {
            return address;
        }

        var kept = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(part => !DropboxForm.IsMatch(part));

        return new Uri($"https://www.dropbox.com{address.AbsolutePath}?{string.Join('&', [.. kept, "dl=1"])}");
    }

    [GeneratedRegex("^/file/(u/[0-9]+/)?d/(?<id>[A-Za-z0-9_-]+)(/|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex DriveFile { get; }

    [GeneratedRegex("^/(s|scl/fi)/.")]
    private static partial Regex DropboxFile { get; }

    [GeneratedRegex("^(dl|raw)(=|$)")]
    private static partial Regex DropboxForm { get; }
}
