using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using ImageResize.Tests.Support.Processes;
using Xunit.v3;

[assembly: HangWatch]

namespace ImageResize.Tests.Support.Processes;

/// <summary>
/// Prints the names of slow tests, and ends a run in which no test has started or ended for longer than any test takes. The hang detection
/// of <c>dotnet test</c> does not stop a test that ignores cancellation, and does not print its name.
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
            // Explicit tests may take long.
            Clock.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        AtWork[test.UniqueID] = (test.TestDisplayName, Move());
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        AtWork.TryRemove(test.UniqueID, out _);
        Move();
    }

    /// <summary>Starts before the first test, because shared fixtures can hang too.</summary>
    [ModuleInitializer]
    internal static void Start() => Clock.Change(Tick, Tick);

    private static long Move() => _moved = Stopwatch.GetTimestamp();

    private static void Look()
    {
        foreach (var (id, test) in AtWork.Where(one => Stopwatch.GetElapsedTime(one.Value.Since) > Long))
        {
            if (Named.Add(id))
            {
                Say($"Running for {Stopwatch.GetElapsedTime(test.Since).TotalSeconds:0} seconds: {test.Name}");
            }
        }

        if (Stopwatch.GetElapsedTime(_moved) > Longest && !Debugger.IsAttached)
        {
            var tests = AtWork.IsEmpty ? "code outside of tests" : string.Join(", ", AtWork.Values.Select(test => test.Name));
            Say($"No test has started or ended for {Longest.TotalMinutes} minutes; the run is ended. Running: {tests}");
            Process.GetCurrentProcess().Kill();
        }
    }

    private static void Say(string line)
    {
        Console.Error.WriteLine(line);
        LogFiles.WriteLong(line);
    }
}
