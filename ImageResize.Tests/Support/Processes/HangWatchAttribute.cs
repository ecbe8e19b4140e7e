using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using ImageResize.Tests.Support.Processes;
using Xunit.v3;

[assembly: HangWatch]

namespace ImageResize.Tests.Support.Processes;

/// <summary>
/// Names each test that takes long, and ends a run in which nothing has begun or ended for longer than any test takes: it would stand
/// still without a word. What <c>dotnet test</c> itself has for that does not stop a test that does not listen, and tells no name.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class HangWatchAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentDictionary<string, (string Name, long Since)> AtWork = new();
    private static readonly HashSet<string> Named = [];
    private static readonly Timer Clock = new(_ => Look());
    private static long _moved = Stopwatch.GetTimestamp();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (test.TestCase.Explicit)
        {
            // Who asks for one of those knows that it takes long.
            Clock.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        AtWork[test.UniqueID] = (test.TestDisplayName, Move());
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        AtWork.TryRemove(test.UniqueID, out _);
        Move();
    }

    /// <summary>Not with the first test: what all of them need may hang as well.</summary>
    [ModuleInitializer]
    internal static void Start() => Clock.Change(Tick, Tick);

    private static long Move() => _moved = Stopwatch.GetTimestamp();

    private static void Look()
    {
        foreach (var (id, test) in AtWork.Where(one => Stopwatch.GetElapsedTime(one.Value.Since) > Long))
        {
            if (Named.Add(id))
            {
                Say($"At work for {Stopwatch.GetElapsedTime(test.Since).TotalSeconds:0} seconds: {test.Name}");
            }
        }

        if (Stopwatch.GetElapsedTime(_moved) > Longest && !Debugger.IsAttached)
        {
            var tests = AtWork.IsEmpty ? "what stands before or after a test" : string.Join(", ", AtWork.Values.Select(test => test.Name));
            Say($"Nothing has begun or ended for {Longest.TotalMinutes} minutes; the run is ended. At work: {tests}");
            Process.GetCurrentProcess().Kill();
        }
    }

    private static void Say(string line)
    {
        Console.Error.WriteLine(line);
        LogFiles.WriteLong(line);
    }
}
