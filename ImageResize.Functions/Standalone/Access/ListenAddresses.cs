using System.Net;

namespace ImageResize.Functions.Access;

/// <summary>
/// Where the program is to listen, by all the settings that can say so, looked at before it does: where others can reach it, it does
/// not start without keys.
/// </summary>
internal static class Listeners
{
    private const string Advice = "set ImageResize__Keys__NAME to a secret of 16 characters or more, for a caller of that name";

    /// <summary>As ASP.NET Core ranks them: the first that is set counts.</summary>
    public static bool AreSet(IConfiguration configuration) => AddressesOf(configuration).Any();

    /// <exception cref="StartupException">There would be no key to be let in by.</exception>
    public static void CheckKeys(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration.GetSection("ImageResize:Keys").GetChildren().Any())
        {
            return;
        }

        if (AddressesOf(configuration).FirstOrDefault(address => !IsLoopback(address)) is { } open)
        {
            throw new StartupException($"{open} can be reached from elsewhere and no key is set: {Advice}.");
        }

        if (!environment.IsDevelopment())
        {
            throw new StartupException(
                $"No key is set: {Advice} (on a developer's own machine, ASPNETCORE_ENVIRONMENT=Development needs none).");
        }
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
            : [.. Parts(configuration["http_ports"]).Select(port => $"http://*:{port}"), .. Parts(configuration["https_ports"]).Select(port => $"https://*:{port}")];
    }

    private static string[] Parts(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Kestrel takes a name that is no address, other than localhost, for every address of the machine.</summary>
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
            // No address at all: Kestrel will say so.
            return false;
        }
    }
}
