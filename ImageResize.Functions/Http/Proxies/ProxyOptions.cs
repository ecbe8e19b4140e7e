using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace ImageResize.Functions.Http.Proxies;

/// <summary>The reverse proxy in front of the program. Bound from <c>ImageResize:Proxy</c>.</summary>
public sealed class ProxyOptions : IValidatableObject
{
    /// <summary>
    /// Addresses and networks of proxies whose <c>X-Forwarded-*</c> headers are trusted, separated by commas. Empty: none. Standalone only.
    /// </summary>
    public string Trusted { get; init; } = "";

    /// <summary>The path under which callers see the program, for example <c>/img</c>. Links and <c>Location</c> begin with it.</summary>
    [RegularExpression(
        @"^(/[A-Za-z0-9._~-]+)*$",
        ErrorMessage = "ImageResize__Proxy__PathPrefix must be empty or a path such as /img, without a / at its end.")]
    public string PathPrefix { get; init; } = "";

    private string[] Proxies => Trusted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from proxy in Proxies
        where !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _)
        select new ValidationResult(
            $"ImageResize__Proxy__Trusted contains '{proxy}', which is neither an address nor a network such as 10.0.0.0/8.");

    /// <summary>Any number of headers is accepted if each proxy between the caller and the program is trusted.</summary>
    internal void Configure(ForwardedHeadersOptions forwarded)
    {
        forwarded.ForwardedHeaders = Proxies.Length == 0 ? ForwardedHeaders.None : ForwardedHeaders.All;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in Proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
            else
            {
                forwarded.KnownIPNetworks.Add(IPNetwork.Parse(proxy));
            }
        }
    }
}
