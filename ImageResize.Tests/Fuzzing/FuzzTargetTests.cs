using ImageResize.Functions.Hosting;
using ImageResize.Fuzzing;
using ImageResize.Fuzzing.Engine;
using ImageResize.Fuzzing.Targets;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Fuzzing;

/// <summary>
/// The targets of <c>bench/fuzz</c>, without its guidance: all inputs of the corpus, which include those that were found, and some
/// mutations.
/// </summary>
public sealed class FuzzTargetTests
{
    private const int Mutations = 300;

    private static readonly string Corpus = Path.Combine(RepositoryRoot.Find()!, "bench", "fuzzing", "corpus");

    public static TheoryData<string> Targets() => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_target_reads_or_refuses_the_inputs_of_its_corpus_and_mutations_of_them(string name)
    {
        var target = FuzzTargets.Get(name);
        var loop = new FuzzLoop(target, new FuzzCorpus(target, Corpus), seed: 1, coverage: null, watch: null);
        var end = 0;

        loop.Run(() => end++ == Mutations);

        Assert.Empty(loop.Findings.Select(finding => $"{finding.Kind}: {Convert.ToBase64String(finding.Input)} {finding.Details}"));
        Assert.InRange(loop.Executions, Mutations, long.MaxValue);
    }

    [Fact]
    public void An_exception_and_an_allocation_that_no_target_may_cause_are_found_once_each()
    {
        using var folder = new TemporaryFolder();
        FuzzCorpus.Write(Path.Combine(folder.Path, "weak"), [1, 2, 3, 4]);
        var kept = new List<byte[]>();
        var target = new FuzzTarget("weak", input =>
        {
            if (input is [0xFF, ..])
            {
                throw new FormatException();
            }

            if (input is [_, 0xFF, ..])
            {
                kept.Add(new byte[2_000_000]);
            }
        })
        { MaxAllocatedBytes = 1_000_000 };
        var loop = new FuzzLoop(target, new FuzzCorpus(target, folder.Path), seed: 1, coverage: null, watch: null);
        var end = 0;

        loop.Run(() => end++ == 5_000);

        Assert.Equal(["Allocation", "FormatException"], loop.Findings.Select(finding => finding.Kind.Split(' ')[0]).Order());
    }

    [Fact]
    public void The_corpus_is_small_and_has_inputs_for_the_targets_only()
    {
        var files = new DirectoryInfo(Corpus).EnumerateFiles("*", SearchOption.AllDirectories).ToList();

        Assert.InRange(files.Sum(file => file.Length), 1, 1_000_000);
        Assert.Empty(files.Select(file => file.Directory!.Name).Except(FuzzTargets.All.Select(target => target.Name)));
    }
}
