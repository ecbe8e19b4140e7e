namespace ImageResize.Tests.Architecture;

/// <summary>
/// Checks which folders of the product use which others. A folder may use those listed for it, itself and its subfolders. Code that
/// registers a folder's services is left out, because it names the types of all subfolders.
/// </summary>
public class DependencyTests
{
    private static readonly string[] Shared = ["Core.Errors", "Core.Identifiers", "Core.Telemetry"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core.Errors"] = [],
        ["Core.Identifiers"] = [],
        ["Core.Telemetry"] = [],
        ["Core.Idempotency"] = [],
        ["Core.Imaging"] = ["Core.Memory"],
        ["Core.Sources"] = ["Core.Memory", "Core.Quotas", "Core.Retention"],
        ["Core.Retention"] = [],
        ["Core.Validation"] = [],
        ["Core.Quotas"] = [],
        ["Core.Uploads"] = ["Core.Imaging", "Core.Messages", "Core.Quotas", "Core.Retention", "Core.Sources"],
        ["Core.Jobs"] = ["Core.Imaging", "Core.Memory", "Core.Quotas", "Core.Sources", "Core.Validation"],
        ["Core.Addresses"] = ["Core.Imaging", "Core.Jobs", "Core.Quotas", "Core.Sources"],
        ["Core.Messages"] = ["Core.Jobs", "Core.Quotas", "Core.Sources"],
        ["Core.Batches"] = ["Core.Imaging", "Core.Jobs", "Core.Messages", "Core.Quotas", "Core.Retention", "Core.Sources"],
        ["Core.Statistics"] = ["Core.Imaging", "Core.Jobs", "Core.Memory", "Core.Messages"],
        ["Core.Callbacks"] = ["Core.Batches", "Core.Jobs", "Core.Messages", "Core.Sources"],
        ["Core.Watches"] =
            ["Core.Batches", "Core.Callbacks", "Core.Jobs", "Core.Messages", "Core.Quotas", "Core.Sources", "Core.Validation"],
        ["Core.Storage"] =
        [
            "Core.Batches", "Core.Callbacks", "Core.Idempotency", "Core.Imaging", "Core.Jobs", "Core.Messages", "Core.Retention",
            "Core.Sources", "Core.Statistics", "Core.Uploads", "Core.Watches",
        ],
        ["Functions.Telemetry"] = ["Core.Validation", "Functions.Hosting"],
        ["Functions.Hosting"] = ["Core.Storage", "Core.Validation"],
        ["Functions.Http"] =
        [
            "Core.Addresses", "Core.Batches", "Core.Callbacks", "Core.Idempotency", "Core.Imaging", "Core.Jobs", "Core.Memory",
            "Core.Messages", "Core.Quotas", "Core.Sources", "Core.Statistics", "Core.Storage", "Core.Uploads", "Core.Validation",
            "Core.Watches", "Functions.Telemetry",
        ],
        ["Functions.Functions"] =
        [
            "Functions.Http", "Functions.Telemetry", "Core.Addresses", "Core.Idempotency", "Core.Messages", "Core.Retention",
            "Core.Sources", "Core.Storage", "Core.Watches",
        ],
        ["Functions.Standalone"] =
        [
            "Functions.Functions", "Functions.Hosting", "Functions.Http", "Functions.Telemetry", "Core.Messages", "Core.Sources",
            "Core.Storage", "Core.Watches",
        ],
        ["Functions"] = ["Functions", "Core"],
    };

    private static readonly IReadOnlyCollection<TypeUse> Uses =
        [.. new[] { "ImageResize.Core.dll", "ImageResize.Functions.dll" }.SelectMany(ReadUses)];

    [Fact]
    public void Folders_use_only_those_that_they_may_use()
    {
        var violations = Uses.Where(use => !IsAllowed(FindFolder(use.From.Namespace), FindFolder(use.To.Namespace)));

        Assert.Empty(Lines(violations.Select(use => $"{use.From} -> {use.To}")));
    }

    [Fact]
    public void No_namespaces_use_each_other()
    {
        var arrows = Uses.ToLookup(use => use.From.Namespace, use => use.To.Namespace);

        var cycles = arrows.Select(from => from.Key)
            .Where(name => Reach(name, arrows).Contains(name))
            .SelectMany(name => arrows[name].Distinct().Where(to => Reach(to, arrows).Contains(name)), (name, to) => $"{name} -> {to}");

        Assert.Empty(Lines(cycles));
    }

    [Fact]
    public void Every_folder_in_the_list_exists()
    {
        var names = Uses.SelectMany(use => new[] { use.From.Namespace, use.To.Namespace }).Select(FindFolder).ToHashSet();

        Assert.Empty(Allowed.Keys.Except(names));
    }

    private static IEnumerable<TypeUse> ReadUses(string assembly) => AssemblyTypeUses.Read(Path.Combine(AppContext.BaseDirectory, assembly))
        .Where(use => IsOurs(use.From) && IsOurs(use.To) && use.From.Namespace != use.To.Namespace && !IsRegistration(use.From));

    private static bool IsOurs(TypeName type) => (type.Namespace + '.').StartsWith("ImageResize.", StringComparison.Ordinal);

    private static bool IsRegistration(TypeName type) => type.Name.EndsWith("ServiceCollectionExtensions", StringComparison.Ordinal);

    private static bool IsAllowed(string from, string to) =>
        from == to || Allowed.GetValueOrDefault(from, []).Concat(Shared).Any(folder => IsIn(folder, to));

    /// <summary>The longest entry of the list that contains the namespace, or else the namespace itself.</summary>
    private static string FindFolder(string name)
    {
        var shortName = Shorten(name);

        return Allowed.Keys.Where(folder => IsIn(folder, shortName)).MaxBy(folder => folder.Length) ?? shortName;
    }

    private static string Shorten(string name) => name["ImageResize.".Length..];

    private static bool IsIn(string folder, string name) => (name + '.').StartsWith(folder + '.', StringComparison.Ordinal);

    private static HashSet<string> Reach(string from, ILookup<string, string> arrows)
    {
        var reached = new HashSet<string>();
        for (var next = new Queue<string>(arrows[from]); next.TryDequeue(out var name);)
        {
            foreach (var further in reached.Add(name) ? arrows[name] : [])
            {
                next.Enqueue(further);
            }
        }

        return reached;
    }

    /// <summary>One text, because a failed assertion shortens the items of a list.</summary>
    private static string Lines(IEnumerable<string> items) => string.Join('\n', items.Order());
}
