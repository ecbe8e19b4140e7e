#:package Microsoft.CodeAnalysis.CSharp@5.0.0
#:property ManagePackageVersionsCentrally=false
#:property PublishAot=false

// Checks the size of files, methods, constructors and folders of C# code.
//
//   dotnet run .ci/shape.cs             prints each violation; exit code 1 if there is one
//   dotnet run .ci/shape.cs --stats     prints figures about files, methods, constructors, folders and namespaces
//
// Both take the root of a working tree as an optional last argument. The default is the current folder.

using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

const int MaxFileLines = 250;
const int MaxMethodLines = 50;
const int MaxParameters = 6;
const int MaxColumns = 140;
const int MaxFilesPerFolder = 15;

string[] projects = ["ImageResize.Core", "ImageResize.Functions", "ImageResize.FaultyApp", "ImageResize.OpenApi", "ImageResize.Tests"];

var isStats = args.Contains("--stats");
var root = Path.GetFullPath(args.LastOrDefault(argument => !argument.StartsWith('-')) ?? ".");
var files = ListFiles().Select(SourceFile (path) => new(path, File.ReadAllLines(Path.Combine(root, path)), Parse(path))).ToList();
if (files.Count == 0)
{
    Console.Error.WriteLine($"No C# files in {root}.");
    return 1;
}

var methods = files.SelectMany(FindMethods).ToList();
var constructors = files.SelectMany(FindConstructors).ToList();
var folders = files.GroupBy(file => Path.GetDirectoryName(file.Path)!)
    .Select(Measured (folder) => new(folder.Key, folder.Count())).ToList();

return isStats ? PrintStatistics() : PrintViolations();

int PrintViolations()
{
    string[] violations =
    [
        .. files.Where(file => file.Lines.Length > MaxFileLines)
            .Select(file => $"{file.Path}: {file.Lines.Length} lines, at most {MaxFileLines}"),
        .. files.SelectMany(file => file.Lines.Index().Where(line => line.Item.Length > MaxColumns)
            .Select(line => $"{file.Path}:{line.Index + 1}: {line.Item.Length} characters, at most {MaxColumns}")),
        .. methods.Where(method => method.Size > MaxMethodLines)
            .Select(method => $"{method.Name}: {method.Size} lines, at most {MaxMethodLines}"),
        .. constructors.Where(constructor => constructor.Size > MaxParameters)
            .Select(constructor => $"{constructor.Name}: {constructor.Size} parameters, at most {MaxParameters}"),
        .. folders.Where(folder => folder.Size > MaxFilesPerFolder)
            .Select(folder => $"{folder.Name}: {folder.Size} files, at most {MaxFilesPerFolder}"),
        .. files.Where(file => ExpectedNamespace(file) is { } expected && FindNamespace(file) is { } actual && actual != expected)
            .Select(file => $"{file.Path}: namespace {FindNamespace(file)}, expected {ExpectedNamespace(file)}"),
    ];

    foreach (var violation in violations)
    {
        Console.Error.WriteLine(violation);
    }

    Console.WriteLine($"{files.Count} C# files, {violations.Length} violations of the limits for size.");
    return violations.Length == 0 ? 0 : 1;
}

int PrintStatistics()
{
    foreach (var part in files.GroupBy(file => file.Path.Split('/')[0]))
    {
        bool IsPart(Measured measured) => measured.Name.Split('/')[0] == part.Key;
        Console.WriteLine($"{part.Key}: {part.Count()} files, {part.Sum(file => file.Lines.Length)} lines");
        Print("  lines per file", part.Select(Measured (file) => new(file.Path, file.Lines.Length)));
        Print("  lines per method", methods.Where(IsPart));
        Print("  parameters per constructor", constructors.Where(IsPart));
        Print("  files per folder", folders.Where(IsPart));
    }

    var crowded = folders.Where(folder => folder.Size > MaxFilesPerFolder).OrderByDescending(folder => folder.Size);
    Console.WriteLine(
        $"Folders above {MaxFilesPerFolder} files: {string.Join(", ", crowded.Select(folder => $"{folder.Name} {folder.Size}"))}");

    var cycles = FindCycles();
    Console.WriteLine($"Namespaces that depend on each other: {cycles.Count} groups");
    foreach (var cycle in cycles)
    {
        Console.WriteLine($"  {cycle.Length}: {string.Join(", ", cycle)}");
    }

    return 0;
}

void Print(string title, IEnumerable<Measured> measured)
{
    var sorted = measured.OrderBy(item => item.Size).ToList();
    if (sorted.Count > 0)
    {
        Console.WriteLine($"{title}: median {sorted[sorted.Count / 2].Size}, maximum {sorted[^1].Size} ({sorted[^1].Name})");
    }
}

IEnumerable<string> ListFiles()
{
    var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.cs"])
    {
        WorkingDirectory = root,
        RedirectStandardOutput = true,
    };
    using var git = Process.Start(start)!;
    var output = git.StandardOutput.ReadToEnd();
    git.WaitForExit();
    return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(Path.Combine(root, path)));
}

SyntaxTree Parse(string path) => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(root, path)), ParseOptions(), path);

CSharpParseOptions ParseOptions() =>
    new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None).WithFeatures([new("FileBasedProgram", "true")]);

// The lines between the braces of methods, constructors, accessors and operators; those of a local function count for its method too.
IEnumerable<Measured> FindMethods(SourceFile file)
{
    foreach (var node in file.Root.DescendantNodes())
    {
        var (name, body) = node switch
        {
            MethodDeclarationSyntax method => (method.Identifier, method.Body ?? (SyntaxNode?)method.ExpressionBody),
            ConstructorDeclarationSyntax constructor =>
                (constructor.Identifier, constructor.Body ?? (SyntaxNode?)constructor.ExpressionBody),
            AccessorDeclarationSyntax accessor => (accessor.Keyword, accessor.Body ?? (SyntaxNode?)accessor.ExpressionBody),
            OperatorDeclarationSyntax @operator => (@operator.OperatorToken, @operator.Body ?? (SyntaxNode?)@operator.ExpressionBody),
            LocalFunctionStatementSyntax function => (function.Identifier, function.Body ?? (SyntaxNode?)function.ExpressionBody),
            _ => default,
        };
        if (body is not null)
        {
            yield return new($"{file.Path}:{LineOf(name.Span.Start) + 1}: {name.Text}", CountLines(body));
        }
    }

    var statements = file.Root.Members.OfType<GlobalStatementSyntax>()
        .Where(member => member.Statement is not LocalFunctionStatementSyntax).ToList();
    if (statements.Count > 0)
    {
        yield return new($"{file.Path}:{LineOf(statements[0].SpanStart) + 1}: top-level statements", statements.Sum(CountLines));
    }

    int CountLines(SyntaxNode node) => LineOf(node.Span.End) - LineOf(node.SpanStart) + (node is BlockSyntax ? -1 : 1);

    int LineOf(int position) => file.Tree.GetText().Lines.GetLineFromPosition(position).LineNumber;
}

// A positional record has a parameter for each value that it holds, not for what it depends on, so it is left out.
IEnumerable<Measured> FindConstructors(SourceFile file)
{
    foreach (var node in file.Root.DescendantNodes())
    {
        var parameters = (node as ConstructorDeclarationSyntax)?.ParameterList ?? (node as ClassDeclarationSyntax)?.ParameterList
            ?? (node as StructDeclarationSyntax)?.ParameterList;
        if (parameters is not null)
        {
            var name = (node as BaseTypeDeclarationSyntax ?? node.Parent as BaseTypeDeclarationSyntax)!.Identifier.Text;
            yield return new($"{file.Path}: {name}", parameters.Parameters.Count);
        }
    }
}

// Extensions of IServiceCollection are in the project's own namespace, so that one using directive finds them all.
string? ExpectedNamespace(SourceFile file) =>
    projects.Contains(file.Path.Split('/')[0]) && !file.Path.EndsWith("ServiceCollectionExtensions.cs", StringComparison.Ordinal)
        ? Path.GetDirectoryName(file.Path)!.Replace('/', '.')
        : null;

string? FindNamespace(SourceFile file) =>
    file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();

// Groups of namespaces of which each depends on each, directly or through others.
List<string[]> FindCycles()
{
    var arrows = FindArrows();
    var reached = arrows.Keys.ToDictionary(name => name, name => Reach(name, []));
    return
    [
        .. arrows.Keys.GroupBy(name => string.Join(' ', reached[name].Where(other => Reaches(other, name)).Append(name).Distinct().Order()))
            .Select(group => group.Order().ToArray()).Where(group => group.Length > 1).OrderByDescending(group => group.Length),
    ];

    bool Reaches(string from, string to) => reached.TryGetValue(from, out var targets) && targets.Contains(to);

    HashSet<string> Reach(string from, HashSet<string> seen)
    {
        foreach (var next in arrows.TryGetValue(from, out var targets) ? targets : [])
        {
            if (seen.Add(next))
            {
                Reach(next, seen);
            }
        }

        return seen;
    }
}

// The namespaces whose types or members the code of each namespace names.
Dictionary<string, HashSet<string>> FindArrows()
{
    var product = files.Where(file => file.Path.Split('/')[0] is "ImageResize.Core" or "ImageResize.Functions").Select(file => file.Tree);
    var compilation = Compile([.. product]);
    var arrows = new Dictionary<string, HashSet<string>>();
    foreach (var name in product.SelectMany(tree => tree.GetRoot().DescendantNodes()).OfType<SimpleNameSyntax>())
    {
        var symbol = compilation.GetSemanticModel(name.SyntaxTree).GetSymbolInfo(name).Symbol;
        var isOurs = symbol is not null and not INamespaceSymbol && symbol.Locations.Any(location => location.IsInSource);
        var used = isOurs ? symbol!.ContainingNamespace?.ToDisplayString() : null;
        var user = name.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>()?.Name.ToString();
        if (user is not null && used is not null && used != user && used.StartsWith("ImageResize", StringComparison.Ordinal))
        {
            (arrows.TryGetValue(user, out var targets) ? targets : arrows[user] = []).Add(used);
        }
    }

    return arrows;
}

// Without the packages: names of their types stay unknown, and our own are found.
CSharpCompilation Compile(SyntaxTree[] trees)
{
    string[] usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];
    var global = CSharpSyntaxTree.ParseText(string.Concat(usings.Select(name => $"global using {name};\n")), ParseOptions());
    var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    var web = runtime.Replace("Microsoft.NETCore.App", "Microsoft.AspNetCore.App", StringComparison.Ordinal);
    var references = new[] { runtime, web }.SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"))
        .Where(path => !path.Contains("Native", StringComparison.Ordinal) && Path.GetFileName(path)[0] is 'S' or 'M' or 'm' or 'n')
        .Select(path => MetadataReference.CreateFromFile(path));
    return CSharpCompilation.Create("product", [.. trees, global], references);
}

internal sealed record SourceFile(string Path, string[] Lines, SyntaxTree Tree)
{
    public CompilationUnitSyntax Root => (CompilationUnitSyntax)Tree.GetRoot();
}

internal sealed record Measured(string Name, int Size);
