using ImageResize.Functions.Hosting;

namespace ImageResize.Functions.Standalone.LocalStorage;

/// <summary>The npm package in the repository that contains Azurite and its guard script.</summary>
internal sealed class AzuritePackage(string repositoryRoot)
{
    private readonly string _folder = Path.Combine(repositoryRoot, "ImageResize.Functions", "Azurite");

    public string Guard => Path.Combine(_folder, "guard.mjs");

    /// <exception cref="StartupException">Node.js or npm is missing or too old, or npm could not install.</exception>
    public Task InstallAsync(Action<string> report, CancellationToken cancellationToken) =>
        new NpmPackage(_folder)
        {
            Name = "Azurite",
            Purpose = "which emulates Azure Storage on this machine",
            Alternative = "or set AzureWebJobsStorage to a storage account's connection string",
        }.InstallAsync(report, cancellationToken);
}
