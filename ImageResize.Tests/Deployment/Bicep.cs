using System.Reflection;
using System.Text.Json;
using ImageResize.Functions;
using ImageResize.Functions.Development;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Deployment;

/// <summary>Tests that look at a deployment share what was evaluated.</summary>
[CollectionDefinition(Name)]
public sealed class BicepTests : ICollectionFixture<Bicep>
{
    public const string Name = "Bicep";
}

/// <summary>The Bicep compiler of our packages: what a deployment would consist of, evaluated without Azure.</summary>
public sealed class Bicep : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Stack> _stacks = [];

    /// <summary>The package is for Linux on x64; elsewhere the path is empty and tests say that they are skipped.</summary>
    private static string Compiler { get; } = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Bicep").Value ?? "";

    private static string Infra { get; } = Path.Combine(RepositoryRoot.Find()!, "infra");

    public static void SkipWhereItIsNot() => Assert.SkipWhen(Compiler.Length == 0, "The Bicep compiler's package is for Linux on x64 only.");

    public static async Task<JsonElement> BuildAsync()
    {
        var (exitCode, output, errors) = await RunAsync(["build", Path.Combine(Infra, "main.bicep"), "--stdout"]);
        Assert.True(exitCode == 0 && errors.Trim().Length == 0, errors);

        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Each choice of parameters is evaluated once.</summary>
    /// <param name="parameters">Beyond those that every deployment must say, as lines of a .bicepparam file.</param>
    internal async Task<Stack> EvaluateAsync(params string[] parameters)
    {
        var asked = string.Join('\n', parameters);
        if (!_stacks.TryGetValue(asked, out var stack))
        {
            stack = new Stack(await SnapshotAsync(asked));
            _stacks.Add(asked, stack);
        }

        return stack;
    }

    private async Task<JsonElement> SnapshotAsync(string parameters)
    {
        var main = Path.GetRelativePath(_folder.Path, Path.Combine(Infra, "main.bicep"));
        _folder.Write("test.bicepparam", System.Text.Encoding.UTF8.GetBytes($"""
            using '{main}'
            param environmentName = 'test'
            param location = 'westeurope'
            param apiKey = 'no-key-but-long-enough-for-one'
            {parameters}
            """));
        var (exitCode, _, errors) = await RunAsync(
            ["snapshot", _folder["test.bicepparam"], "--mode", "overwrite", "--location", "westeurope", "--subscription-id", Guid.Empty.ToString()]);
        Assert.True(exitCode == 0, errors);

        return JsonDocument.Parse(await File.ReadAllBytesAsync(_folder["test.snapshot.json"])).RootElement;
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Compiler, File.GetUnixFileMode(Compiler) | UnixFileMode.UserExecute);
        }

        var run = await Tool.RunAsync(Compiler, arguments, Infra, TestContext.Current.CancellationToken);

        return (run.ExitCode, run.Output, run.Errors);
    }
}
