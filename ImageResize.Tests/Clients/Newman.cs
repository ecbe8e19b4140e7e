using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;

namespace ImageResize.Tests.Clients;

/// <summary>Runs the Postman collection.</summary>
internal static class Newman
{
    private static readonly string Root = RepositoryRoot.Find()!;
    private static readonly string Folder = Path.Combine(Root, "ImageResize.Tests", "Clients", "Tools");

    private static readonly NpmPackage Package = new(Folder)
    {
        Name = "newman",
        Purpose = "which runs the Postman collection",
        Alternative = "or leave out the tests that need it",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="key">Empty for none.</param>
    /// <returns>Whether all tests of the collection have passed, and newman's report.</returns>
    public static async Task<(bool HasPassed, string Report)> RunAsync(Uri address, string key)
    {
        await Package.InstallAsync(TestContext.Current.SendDiagnosticMessage, Token);
        string[] arguments =
        [
            Path.Combine(Folder, "node_modules", "newman", "bin", "newman.js"), "run",
            "clients/postman/ImageResize.postman_collection.json",
            "--environment", "clients/postman/ImageResize.postman_environment.json",
            "--env-var", $"baseUrl={address.GetLeftPart(UriPartial.Authority)}", "--env-var", $"key={key}",
            "--working-dir", Root, "--color", "off", "--timeout-request", "60000",
        ];
        var result = await Tool.RunAsync("node", arguments, Root, Token);

        return (result.ExitCode == 0, result.Output + result.Errors);
    }
}
