namespace ImageResize.Functions.Development;

/// <summary>The npm package beside our source that holds Azurite and its guard.</summary>
internal sealed class AzuritePackage(string repositoryRoot)
{
    private readonly string _folder = Path.Combine(repositoryRoot, "ImageResize.Functions", "Azurite");

    public string Guard => Path.Combine(_folder, "guard.mjs");

    /// <exception cref="StartupException">Node.js or npm is missing or too old, or npm could not install.</exception>
    public Task InstallAsync(Action<string> say, CancellationToken cancellationToken) =>
        new NpmPackage(_folder)
        {
            Name = "Azurite",
            Purpose = "which stands in for Azure Storage on this machine",
            Instead = "or set AzureWebJobsStorage to a storage account's connection string",
        }.InstallAsync(say, cancellationToken);
}
