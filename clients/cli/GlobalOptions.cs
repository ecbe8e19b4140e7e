using System.CommandLine;

namespace ImageResize.Cli;

/// <summary>The options of all commands.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Address { get; } = new("--address", "-a")
    {
        Description = $"Address of the service. Default: {Settings.AddressVariable}, then \"address\" in {Settings.ConfigurationFile}.",
        HelpName = "URL",
        Recursive = true,
    };

    public static Option<string?> Key { get; } = new("--key", "-k")
    {
        Description = $"Your key. Prefer {Settings.KeyVariable}, or \"key\" in the configuration file, which other users can't see.",
        HelpName = "KEY",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print JSON for scripts, and no progress.",
        Recursive = true,
    };
}
