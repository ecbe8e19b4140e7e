using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageResize.Cli.Results;
using ImageResize.Client;

namespace ImageResize.Cli;

/// <summary>Where the service is and the caller's key: from options, else environment variables, else the configuration file.</summary>
internal static class Settings
{
    public const string AddressVariable = "IMAGERESIZE_ADDRESS";
    public const string KeyVariable = "IMAGERESIZE_KEY";

    private const string SigningKeyVariable = "IMAGERESIZE_SIGNING_KEY";

    /// <summary><c>~/.config/imageresize/config.json</c> on Linux.</summary>
    public static string ConfigurationFile { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "imageresize",
        "config.json");

    /// <summary>Which uploads and batches belong to which files: <c>~/.local/share/imageresize</c> on Linux.</summary>
    public static string StateFolder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "imageresize");

    public static Option<string?> SigningKey { get; } = new("--signing-key")
    {
        Description = $"The service's key for addresses. Better {SigningKeyVariable}, or \"signingKey\" in the configuration file.",
        HelpName = "KEY",
    };

    /// <exception cref="UsageException">The address, the key or the configuration file is invalid.</exception>
    public static ImageResizeClientOptions Read(ParseResult parsed)
    {
        var file = ReadFile();
        var options = new ImageResizeClientOptions { Key = Find(GlobalOptions.Key, KeyVariable, file?.Key) };
        if (Find(GlobalOptions.Address, AddressVariable, file?.Address) is { } address)
        {
            options.Address = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
                : throw new UsageException($"The address must start with http:// or https://, unlike '{address}'.");
        }

        if (options.Key?.All(letter => letter is > ' ' and <= '~') == false)
        {
            throw new UsageException("A key consists of printable ASCII characters without spaces.");
        }

        return options;

        string? Find(Option<string?> option, string variable, string? configured) =>
            new[] { parsed.GetValue(option), Environment.GetEnvironmentVariable(variable), configured }
                .FirstOrDefault(value => !string.IsNullOrEmpty(value));
    }

    /// <exception cref="UsageException">There is no key, or the configuration file is invalid.</exception>
    public static string ReadSigningKey(ParseResult parsed) =>
        new[] { parsed.GetValue(SigningKey), Environment.GetEnvironmentVariable(SigningKeyVariable), ReadFile()?.SigningKey }
            .FirstOrDefault(key => !string.IsNullOrEmpty(key))
        ?? throw new UsageException($"Set {SigningKeyVariable} to the value of ImageResize__Addresses__Keys__NAME of the service.");

    private static Configuration? ReadFile()
    {
        try
        {
            return File.Exists(ConfigurationFile)
                ? JsonSerializer.Deserialize(File.ReadAllText(ConfigurationFile), CliJson.Default.Configuration) : null;
        }
        catch (JsonException invalid)
        {
            throw new UsageException($"{ConfigurationFile} is not valid: {invalid.Message}");
        }
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Configuration(string? Address, string? Key, string? SigningKey);
}

/// <summary>The arguments or the configuration are invalid. The message says why.</summary>
internal sealed class UsageException(string message) : Exception(message);
