using ImageResize.Core.Storage;

namespace ImageResize.Functions;

/// <summary>Finds the storage account by the names that the Functions host uses too.</summary>
internal static class StorageSettings
{
    public const string Setting = "AzureWebJobsStorage";
    public const string Development = "UseDevelopmentStorage=true";

    /// <exception cref="StartupException">The setting is missing or is no connection string.</exception>
    public static StorageAccount Open(IConfiguration configuration, IHostEnvironment environment)
    {
        if (ConnectionString(configuration, environment) is { } connectionString)
        {
            try
            {
                return StorageAccount.ByConnectionString(connectionString);
            }
            catch (FormatException)
            {
                throw new StartupException($"{Setting} is no connection string of a storage account.");
            }
        }

        return configuration[$"{Setting}:accountName"] is { Length: > 0 } name
            ? StorageAccount.ByIdentity(name)
            : throw new StartupException(
                $"{Setting} is not set: give it a storage account's connection string, or set {Setting}__accountName to use the app's identity.");
    }

    /// <summary>What is set, else Azurite on a developer's machine, else null.</summary>
    public static string? ConnectionString(IConfiguration configuration, IHostEnvironment environment) =>
        configuration[Setting] is { Length: > 0 } set ? set
        : environment.IsDevelopment() && !configuration.GetSection(Setting).GetChildren().Any() ? Development
        : null;
}
