using System.Text.RegularExpressions;

namespace ImageResize.Tests.Clients;

/// <summary>The requests of a .http file, in the subset that Visual Studio, VS Code and Rider share.</summary>
internal sealed partial class HttpFile
{
    private HttpFile(Dictionary<string, string> variables, IReadOnlyList<HttpFileRequest> requests) =>
        (Variables, Requests) = (variables, requests);

    public Dictionary<string, string> Variables { get; }

    public IReadOnlyList<HttpFileRequest> Requests { get; }

    public static HttpFile Parse(string text)
    {
        var sections = SeparatorPattern().Split(text);
        var variables = VariablePattern().Matches(sections[0]).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        return new HttpFile(variables, [.. sections.Skip(1).Select(HttpFileRequest.Parse)]);
    }

    [GeneratedRegex("^### ", RegexOptions.Multiline)]
    private static partial Regex SeparatorPattern();

    [GeneratedRegex("^@(\\w+) =[ ]?(.*)$", RegexOptions.Multiline)]
    private static partial Regex VariablePattern();
}

/// <param name="Title">The status of a request that is to be refused is at its end, in parentheses.</param>
internal sealed partial record HttpFileRequest(
    string Title, HttpMethod Method, string Address, IReadOnlyList<(string Name, string Value)> Headers, string? Body)
{
    public int? RefusedStatus => StatusPattern().Match(Title) is { Success: true } match ? int.Parse(match.Groups[1].Value) : null;

    public static HttpFileRequest Parse(string section)
    {
        var lines = section.TrimEnd('\n').Split('\n');
        var head = lines.TakeWhile(line => line.Length > 0).ToList();
        var headers = head.Skip(2).Select(line => line.Split(':', 2)).Select(parts => (parts[0], parts[1].Trim()));
        var body = string.Join('\n', lines.Skip(head.Count + 1));
        var line = head[1].Split(' ');

        return new HttpFileRequest(head[0], new HttpMethod(line[0]), line[1], [.. headers], body.Length == 0 ? null : body + "\n");
    }

    [GeneratedRegex(@"\((\d{3})\)$")]
    private static partial Regex StatusPattern();
}
