using System.ComponentModel.DataAnnotations;
using ImageResize.Core.Sources.Web.Network;

namespace ImageResize.Core.Sources.Web;

/// <summary>Web addresses as sources. Bound from <c>ImageResize:Web</c> (<c>ImageResize__Web__MaxBytes</c>).</summary>
public sealed class WebSourceOptions : IValidatableObject
{
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The allowed hosts, separated by commas; empty allows every public host. An entry is a host (<c>img.example.com</c>) or all hosts
    /// below one (<c>*.example.com</c>). It applies to redirects too: a Drive link needs <c>drive.google.com</c> and
    /// <c>drive.usercontent.google.com</c>, a Dropbox link <c>www.dropbox.com</c> and <c>*.dl.dropboxusercontent.com</c>. Addresses
    /// that are not public are never allowed.
    /// </summary>
    public string AllowedHosts { get; init; } = "";

    [Range(1, 1_000_000_000)]
    public int MaxBytes { get; init; } = 50_000_000;

    /// <summary>For one image, from resolving the host to the last byte, including redirects and the second attempt.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; init; } = 25;

    /// <summary>For a single wait: a connection, the headers of the response, or the next bytes.</summary>
    [Range(1, 600)]
    public int IdleTimeoutSeconds { get; init; } = 10;

    /// <summary>The most images that are read from one host at once. Others wait, and hold no memory.</summary>
    [Range(1, 10_000)]
    public int ConnectionsPerHost { get; init; } = 6;

    [Range(0, 10)]
    public int MaxRedirects { get; init; } = 5;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from host in Hosts
        where !HostName.IsName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host)
        select new ValidationResult($"'{host}' is not a host: write img.example.com or *.example.com.", [nameof(AllowedHosts)]);

    internal bool AllowsHost(string host) => AllowedHosts.Length == 0 || Hosts.Any(allowed => Matches(allowed, host));

    private string[] Hosts => AllowedHosts.Length == 0 ? [] : AllowedHosts.Split(',', StringSplitOptions.TrimEntries);

    private static bool Matches(string allowed, string host) => allowed.StartsWith("*.", StringComparison.Ordinal)
        ? host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
        : host.Equals(allowed, StringComparison.OrdinalIgnoreCase);
}
