using System.Diagnostics;

namespace ImageResize.Fuzzing.Engine;

/// <summary>
/// Runs a target in child processes for some time. A child that crashes or hangs is a finding, and another one continues.
/// </summary>
/// <param name="seeds">The corpus of the repository.</param>
/// <param name="folder">For inputs that are found, findings, and the current input.</param>
internal sealed class Supervisor(string seeds, string folder, CoverageMap coverage)
{
    private const int MaxChildren = 20;

    private string Findings => Path.Combine(folder, "findings");

    private string Grown => Path.Combine(folder, "corpus");

    /// <returns>Whether nothing was found.</returns>
    public bool Run(FuzzTarget target, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var seed = Environment.TickCount;
        var isSound = true;
        for (var children = 0; children < MaxChildren && clock.Elapsed < duration; children++)
        {
            var left = (int)Math.Ceiling((duration - clock.Elapsed).TotalSeconds);
            isSound &= RunChild(target, left, seed + children);
        }

        return isSound;
    }

    /// <summary>The child process.</summary>
    /// <returns>The exit code.</returns>
    public int RunInside(FuzzTarget target, TimeSpan duration, int seed)
    {
        Directory.CreateDirectory(folder);
        using var watch = new InputWatch(CurrentOf(target), Path.Combine(Findings, target.Name));
        var corpus = new FuzzCorpus(target, seeds, Grown);
        var loop = new FuzzLoop(target, corpus, seed, coverage, watch);
        var clock = Stopwatch.StartNew();
        loop.Run(() => clock.Elapsed >= duration);
        Console.WriteLine(
            $"{target.Name}: {loop.Executions} executions in {clock.Elapsed.TotalSeconds:F0} s, {coverage.Branches} branches, "
            + $"{corpus.Inputs.Count} inputs, {loop.Findings.Count} findings");

        return loop.Findings.Count == 0 ? 0 : 1;
    }

    /// <summary>
    /// Adds inputs that were found to those of the repository: as few as reach code that these don't, the shortest first.
    /// </summary>
    /// <param name="maxBytes">For all inputs of the target together.</param>
    public void Minimize(FuzzTarget target, int maxBytes)
    {
        var known = new FuzzCorpus(target, seeds).Inputs;
        var loop = new FuzzLoop(target, new FuzzCorpus(target, seeds, Grown), seed: 0, coverage, watch: null);
        var bytes = known.Sum(input => input.Length);
        var added = 0;
        coverage.Reset();

        // Twice, because the first time also runs static constructors.
        foreach (var input in known.Concat(known))
        {
            loop.Execute(input);
        }

        foreach (var input in new FuzzCorpus(target, seeds, Grown).Inputs.OrderBy(input => input.Length).Where(loop.Execute))
        {
            bytes += input.Length;
            if (bytes > maxBytes)
            {
                break;
            }

            FuzzCorpus.Write(Path.Combine(seeds, target.Name), input);
            added++;
        }

        Console.WriteLine($"{target.Name}: {added} inputs added to {known.Count}, {coverage.Branches} branches");
    }

    private bool RunChild(FuzzTarget target, int seconds, int seed)
    {
        using var child = Process.Start(Environment.ProcessPath!, ["child", target.Name, $"{seconds}", $"{seed}"]);
        child.WaitForExit();
        if (child.ExitCode is not (0 or 1))
        {
            var kind = child.ExitCode == InputWatch.HangCode ? "Hang" : "Crash";
            var input = InputWatch.Read(CurrentOf(target));
            var finding = new Finding($"{kind} of {input.Length} bytes", input, $"The process ended with {child.ExitCode}, seed {seed}.");
            Console.WriteLine($"{finding.Kind}: {finding.Write(Path.Combine(Findings, target.Name))}");
        }

        return child.ExitCode == 0;
    }

    private string CurrentOf(FuzzTarget target) => Path.Combine(folder, target.Name + ".current");
}
