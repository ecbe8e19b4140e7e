using ImageResize.Core.Storage;

namespace ImageResize.Functions.Hosting;

/// <summary>Opens the storage account from the same settings that the Functions host uses.</summary>
internal static class StorageSettings
{
    public const string Setting = "AzureWebJobsStorage";
    public const string Development = "UseDevelopmentStorage=true";

    /// <exception cref="StartupException">The setting is missing or is not a connection string.</exception>
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
                throw new StartupException($"{Setting} is not a valid connection string of a storage account.");
            }
        }

        return configuration[$"{Setting}:accountName"] is { Length: > 0 } name
            ? StorageAccount.ByIdentity(name)
            : throw new StartupException(
                $"{Setting} is not set. Set it to a storage account's connection string, or set {Setting}__accountName.");
    }

    /// <summary>The setting's value. If it is not set, Azurite in the Development environment, otherwise null.</summary>
    public static string? ConnectionString(IConfiguration configuration, IHostEnvironment environment) =>
        configuration[Setting] is { Length: > 0 } set ? set
        : environment.IsDevelopment() && !configuration.GetSection(Setting).GetChildren().Any() ? Development
        : null;
}
