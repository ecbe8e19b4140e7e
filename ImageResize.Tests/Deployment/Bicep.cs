using System.Reflection;
using System.Text.Json;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Deployment;

/// <summary>Deployment tests share evaluated templates.</summary>
[CollectionDefinition(Name)]
public sealed class BicepTests : ICollectionFixture<Bicep>
{
    public const string Name = "Bicep";
}

/// <summary>Evaluates infra/main.bicep without Azure, with the Bicep compiler from NuGet.</summary>
public sealed class Bicep : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Stack> _stacks = [];

    /// <summary>The path of the compiler. It's empty except on Linux on x64, for which NuGet has a package.</summary>
    private static string Compiler { get; } = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Bicep").Value ?? "";

    private static string Infra { get; } = Path.Combine(RepositoryRoot.Find()!, "infra");

    public static async Task<JsonElement> BuildAsync()
    {
        SkipWithoutCompiler();
        var (exitCode, output, errors) = await RunAsync(["build", Path.Combine(Infra, "main.bicep"), "--stdout"]);
        Assert.True(exitCode == 0 && errors.Trim().Length == 0, errors);

        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Evaluates the template, once for each combination of parameters.</summary>
    /// <param name="parameters">Lines of a .bicepparam file, in addition to the required parameters.</param>
    internal async Task<Stack> EvaluateAsync(params string[] parameters)
    {
        SkipWithoutCompiler();
        var lines = string.Join('\n', parameters);
        if (!_stacks.TryGetValue(lines, out var stack))
        {
            stack = new Stack(await SnapshotAsync(lines));
            _stacks.Add(lines, stack);
        }

        return stack;
    }

    public void Dispose() => _folder.Dispose();

    private static void SkipWithoutCompiler() =>
        Assert.SkipWhen(Compiler.Length == 0, "NuGet has the Bicep compiler only for Linux on x64.");

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
            ["snapshot", _folder["test.bicepparam"], "--mode", "overwrite",
                "--location", "westeurope", "--subscription-id", Guid.Empty.ToString()]);
        Assert.True(exitCode == 0, errors);

        return JsonDocument.Parse(await File.ReadAllBytesAsync(_folder["test.snapshot.json"])).RootElement;
    }

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
