using ImageResize.Cli.Terminal;
using Spectre.Console;

namespace ImageResize.Cli.Results;

/// <summary>Counts failures by reason, with some examples, so that memory does not grow with their number. Thread-safe.</summary>
internal sealed class FailureSummary
{
    private const int MaxExamples = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Count, string Message, List<string> Examples)> _groups = [];

    public int Count { get; private set; }

    public IReadOnlyList<FailureGroup> Groups =>
    [
        .. _groups.OrderByDescending(group => group.Value.Count).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new FailureGroup(group.Key, group.Value.Count, group.Value.Message, group.Value.Examples)),
    ];

    public void Add(string code, string message, string image)
    {
        lock (_lock)
        {
            var (count, first, examples) = _groups.GetValueOrDefault(code, (0, message, []));
            if (examples.Count < MaxExamples)
            {
                examples.Add(image);
            }

            _groups[code] = (count + 1, first, examples);
            Count++;
        }
    }

    public Table ToTable()
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("Reason").AddColumn(new TableColumn("Images").RightAligned()).AddColumn("Message").AddColumn("For example");
        foreach (var group in Groups)
        {
            table.AddRow(
                new Text(Printable.Line(group.Code)),
                new Text($"{group.Count:N0}"),
                new Text(Printable.Line(group.Message)),
                new Text(string.Join('\n', group.Examples.Select(Printable.Line))));
        }

        return table;
    }
}
