using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;

namespace ImageResize.Tests.Support.Http;

/// <summary>An independent implementation of Standard Webhooks, as receivers of callbacks use it.</summary>
internal static class StandardWebhooks
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Find()!, "ImageResize.Tests", "Callbacks", "Receiver");

    private static readonly NpmPackage Package = new(Folder)
    {
        Name = "standardwebhooks",
        Purpose = "which checks the signatures of callbacks",
        Alternative = "or leave out the tests that need it",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="head">The head of the request.</param>
    /// <returns>Whether a receiver with this secret accepts it.</returns>
    public static async Task<bool> AcceptsAsync(string secret, string head, string body)
    {
        await Package.InstallAsync(TestContext.Current.SendDiagnosticMessage, Token);
        var headers = ((string[])["webhook-id", "webhook-timestamp", "webhook-signature"]).Select(name => Header(head, name));
        string[] arguments = ["verify.mjs", secret, .. headers, body];
        var verdict = await Tool.RunAsync("node", arguments, Folder, Token);

        return verdict switch
        {
            { ExitCode: 0, Output: "batch.completed" } => true,
            { ExitCode: not 0 } when verdict.Errors.Contains("No matching signature found", StringComparison.Ordinal) => false,
            _ => throw new InvalidOperationException(verdict.Errors),
        };
    }

    public static string Header(string head, string name) => head.Split("\r\n")
        .Single(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];
}
