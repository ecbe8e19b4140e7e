using System.Reflection;
using System.Text;
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

    /// <summary>
    /// Reports that are none: stacks for different parameters have resources of the same names, and Azure has this property already.
    /// </summary>
    private static readonly string[] Expected = ["BCP121", "\"siteUpdateStrategy\""];

    private static string Infra { get; } = Path.Combine(RepositoryRoot.Find()!, "infra");

    public static async Task<JsonElement> BuildAsync()
    {
        SkipWithoutCompiler();
        var (exitCode, output, errors) = await RunAsync(["build", Path.Combine(Infra, "main.bicep"), "--stdout"], []);
        Assert.True(exitCode == 0 && errors.Trim().Length == 0, errors);

        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>
    /// Evaluates the template, and with container apps also that of the apps, once for each combination of parameters.
    /// </summary>
    /// <param name="parameters">Lines of a .bicepparam file, in addition to the required parameters.</param>
    internal async Task<Stack> EvaluateAsync(params string[] parameters)
    {
        var lines = string.Join('\n', parameters);
        if (!_stacks.TryGetValue(lines, out var stack))
        {
            var resources = await EvaluateTemplateAsync("main.bicep", [.. TemplateParameters.Required, .. parameters]);
            if (parameters.Contains(TemplateParameters.ContainerShape))
            {
                resources = [.. resources, .. await EvaluateTemplateAsync("containers.bicep", TemplateParameters.OfContainers(parameters))];
            }

            stack = new Stack(resources);
            _stacks.Add(lines, stack);
        }

        return stack;
    }

    /// <summary>Evaluates a template with all its parameters.</summary>
    internal Task<IReadOnlyList<JsonElement>> EvaluateTemplateAsync(string template, IEnumerable<string> parameters) =>
        SnapshotAsync($"using '{Relative(template)}'\n{string.Join('\n', parameters)}", []);

    /// <summary>Evaluates a parameters file that reads environment variables.</summary>
    internal Task<IReadOnlyList<JsonElement>> EvaluateFileAsync(string file, IReadOnlyDictionary<string, string> variables) =>
        SnapshotAsync(
            File.ReadAllText(Path.Combine(Infra, file)).Replace("using '", $"using '{Relative("")}", StringComparison.Ordinal),
            [.. variables.Select(variable => $"{variable.Key}={variable.Value}")]);

    /// <summary>Compares evaluated resources of a resource group with the types of Azure's resources.</summary>
    /// <returns>What the compiler reports.</returns>
    internal async Task<IReadOnlyList<string>> CheckTypesAsync(IEnumerable<JsonElement> resources)
    {
        SkipWithoutCompiler();
        var template = _folder.Write("types/types.bicep", Encoding.UTF8.GetBytes(LiteralTemplate.Of(resources)));
        _folder.Write("types/bicepconfig.json", """{ "analyzers": { "core": { "enabled": false } } }"""u8.ToArray());
        var (_, _, reports) = await RunAsync(["build", template, "--stdout"], []);

        return [.. reports.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(report => !Expected.Any(expected => report.Contains(expected, StringComparison.Ordinal)))];
    }

    public void Dispose() => _folder.Dispose();

    private string Relative(string template) => Path.GetRelativePath(_folder.Path, Infra) + "/" + template;

    private static void SkipWithoutCompiler() =>
        Assert.SkipWhen(Compiler.Length == 0, "NuGet has the Bicep compiler only for Linux on x64.");

    private async Task<IReadOnlyList<JsonElement>> SnapshotAsync(string parameters, string[] variables)
    {
        SkipWithoutCompiler();
        _folder.Write("test.bicepparam", Encoding.UTF8.GetBytes(parameters));
        var id = Guid.Empty.ToString();
        string[] scope = parameters.Contains("containers.bicep", StringComparison.Ordinal)
            ? ["--resource-group", "rg-test"]
            : ["--location", "westeurope"];
        var (exitCode, _, errors) = await RunAsync(
            ["snapshot", _folder["test.bicepparam"], "--mode", "overwrite", "--tenant-id", id, "--subscription-id", id, .. scope],
            variables);
        Assert.True(exitCode == 0, errors);
        var snapshot = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder["test.snapshot.json"])).RootElement;

        return [.. snapshot.GetProperty("predictedResources").EnumerateArray()];
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, string[] variables)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Compiler, File.GetUnixFileMode(Compiler) | UnixFileMode.UserExecute);
        }

        var run = await Tool.RunAsync("env", [.. variables, Compiler, .. arguments], Infra, TestContext.Current.CancellationToken);

        return (run.ExitCode, run.Output, run.Errors);
    }
}
