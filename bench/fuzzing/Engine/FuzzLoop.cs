namespace ImageResize.Fuzzing.Engine;

/// <summary>Runs a target with the inputs of its corpus and with mutations of them, and keeps mutations that reach new code.</summary>
/// <param name="coverage">Null if the assemblies are not instrumented: then no mutation is kept.</param>
/// <param name="watch">Null if hangs are not watched.</param>
internal sealed class FuzzLoop(FuzzTarget target, FuzzCorpus corpus, int seed, CoverageMap? coverage, InputWatch? watch)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, Finding> _findings = [];

    public long Executions { get; private set; }

    /// <summary>One for each kind.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings.Values;

    /// <param name="isOver">Asked before each execution of a mutation.</param>
    public void Run(Func<bool> isOver)
    {
        var mutator = new Mutator(_random, target);

        // Twice, because the first time also runs the static constructors.
        foreach (var input in corpus.Inputs.Concat(corpus.Inputs))
        {
            Execute(input);
        }

        while (!isOver())
        {
            var mutated = mutator.Mutate(Choose(), corpus.Inputs);
            if (Execute(mutated))
            {
                corpus.Add(mutated);
            }
        }
    }

    /// <returns>Whether the input reached new code.</returns>
    public bool Execute(byte[] input)
    {
        coverage?.Clear();
        watch?.Begin(input);
        Executions++;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
        catch (Exception fault)
        {
            Add(Finding.Of(fault, input));
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        watch?.End();
        if (allocated > target.MaxAllocatedBytes)
        {
            Add(new Finding("Allocation", input, $"The target allocated {allocated} bytes, at most {target.MaxAllocatedBytes}."));
        }

        return coverage?.AddNew() == true;
    }

    /// <summary>Prefers inputs that were found last: they reach code that was tried least.</summary>
    private byte[] Choose()
    {
        var inputs = corpus.Inputs;
        var recent = _random.Next(2) == 0 ? Math.Max(1, inputs.Count / 4) : inputs.Count;

        return inputs[inputs.Count - 1 - _random.Next(recent)];
    }

    private void Add(Finding finding)
    {
        if (_findings.TryAdd(finding.Kind, finding))
        {
            watch?.Report(finding);
        }
    }
}
