using System.Net;
using ImageResize.Functions.Hosting;

namespace ImageResize.Functions.Standalone.Access;

/// <summary>
/// The addresses to listen on, from all settings that can contain them. If other machines can reach one of them, the application doesn't
/// start without keys.
/// </summary>
internal static class ListenAddresses
{
    private const string Advice = "set ImageResize__Keys__NAME to a secret of at least 16 characters, for a caller of that name";

    /// <summary>Whether any setting contains an address. In ASP.NET Core's order, the first setting counts.</summary>
    public static bool AreSet(IConfiguration configuration) => AddressesOf(configuration).Any();

    /// <exception cref="StartupException">A key is required but none is set.</exception>
    public static void RequireKeys(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration.GetSection("ImageResize:Keys").GetChildren().Any() || HasIdentities(configuration))
        {
            return;
        }

        if (AddressesOf(configuration).FirstOrDefault(address => !IsLoopback(address)) is { } open)
        {
            throw new StartupException($"{open} is reachable from other machines and no key is set: {Advice}.");
        }

        if (!environment.IsDevelopment())
        {
            throw new StartupException(
                $"No key is set: {Advice} (on your own machine, ASPNETCORE_ENVIRONMENT=Development needs none).");
        }
    }

    /// <summary>Whether callers can identify themselves by tokens instead of keys.</summary>
    private static bool HasIdentities(IConfiguration configuration)
    {
        var identity = configuration.GetSection("ImageResize:Identity");

        return identity["Authority"] is { Length: > 0 } || (bool.TryParse(identity["EasyAuth"], out var isOn) && isOn);
    }

    private static IEnumerable<string> AddressesOf(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? "").ToList();
        if (endpoints.Count > 0)
        {
            return endpoints;
        }

        return configuration["urls"] is { Length: > 0 } urls
            ? Parts(urls)
            :
            [
                .. Parts(configuration["http_ports"]).Select(port => $"http://*:{port}"),
                .. Parts(configuration["https_ports"]).Select(port => $"https://*:{port}"),
            ];
    }

    private static string[] Parts(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Kestrel listens on all addresses of the machine if the host is a name other than localhost.</summary>
    private static bool IsLoopback(string address)
    {
        try
        {
            var host = BindingAddress.Parse(address).Host;

            return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
        }
        catch (FormatException)
        {
            // Not an address. Kestrel will report it.
            return false;
        }
    }
}
