using System.Reflection;
using ImageResize.Core.Jobs;
using ImageResize.Functions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageResize.Tests.Architecture;

/// <summary>Log events have ids and names that operators can rely on.</summary>
public class EventTests
{
    private static readonly LoggerMessageAttribute[] Events =
    [
        .. from type in new[] { typeof(JobRunner).Assembly, typeof(Usage).Assembly }.SelectMany(assembly => assembly.GetTypes())
           from method in type.GetMethods(
               BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
           where attribute is not null
           select attribute,
    ];

    [Fact]
    public void Every_event_has_an_id_and_a_name_of_its_own()
    {
        Assert.InRange(Events.Length, 50, 500);
        Assert.All(Events, log => Assert.True(log is { EventId: >= 1_000, EventName.Length: > 0 }, log.Message));
        Assert.Empty(Events.GroupBy(log => log.EventId).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.Empty(Events.GroupBy(log => log.EventName).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void The_operations_page_lists_every_event()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Find()!, "docs", "operations.md"));

        Assert.All(Events, log => Assert.Contains(
            $"| {log.EventId} | `{log.EventName}` | {log.Level} | {log.Message} |", page, StringComparison.Ordinal));
    }
}
