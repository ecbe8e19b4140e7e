using System.Collections.Specialized;
using System.Text.RegularExpressions;
using System.Web;

namespace ImageResize.Tests.Deployment.Permissions;

/// <summary>A request to one service of a storage account.</summary>
/// <param name="Target">The path, which begins with the account, and the query.</param>
internal sealed partial record StorageRequest(string Service, string Method, string Target)
{
    private readonly NameValueCollection _query = HttpUtility.ParseQueryString(Target.Split('?', 2).ElementAtOrDefault(1) ?? "");

    /// <summary>Whether it copies another blob.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Whether it has If-Match, without which tables replace or insert.</summary>
    public bool HasCondition { get; init; }

    /// <summary>The body of a transaction in a table.</summary>
    public string? Transaction { get; init; }

    /// <summary>Container, queue or table, and what follows. Without the account.</summary>
    public string[] Path { get; } =
        [.. HttpUtility.UrlDecode(Target.Split('?')[0]).Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1)];

    public string? Component => _query["comp"];

    public string? ResourceType => _query["restype"];

    public bool OnlyPeeks => _query["peekonly"] == "true";

    public bool IsSigned => _query["sig"] is not null;

    /// <summary>The requests in a transaction.</summary>
    public IEnumerable<StorageRequest> Parts => PartOfTransaction().Matches(Transaction!).Select(part =>
        new StorageRequest(Service, part.Groups["method"].Value, new Uri(part.Groups["address"].Value).PathAndQuery)
        {
            HasCondition = part.Groups["headers"].Value.Contains("If-Match:", StringComparison.OrdinalIgnoreCase),
        });

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<address>http\S+) HTTP/1\.1\r?\n(?<headers>(?:\S+:.*\r?\n)*)", RegexOptions.Multiline)]
    private static partial Regex PartOfTransaction();
}
