using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Operations;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging;

/// <summary>Decodes the corpus in this process, which is fast and names the file. Hosts/CorpusApiTests sends it to the program.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Fact]
    public void Every_file_of_the_corpus_has_the_result_in_its_index()
    {
        var corpus = Corpus.Open();

        var answers = corpus.Rows.Select(row => Answer(corpus.Folder, row)).ToList();

        foreach (var verdict in answers.GroupBy(answer => answer.Row.Verdict))
        {
            output.WriteLine($"{verdict.Key}: {verdict.Count(answer => answer.IsRight)} of {verdict.Count()} right");
        }

        var slowest = answers.MaxBy(answer => answer.Time)!;
        output.WriteLine($"slowest: {slowest.Time.TotalMilliseconds:F0} ms, {slowest.Row.File}");
        output.WriteLine($"peak memory: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        Assert.All(answers, answer => Assert.True(answer.IsRight, answer.ToString()));
    }

    private CorpusAnswer Answer(string folder, CorpusRow row)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, row.File));
        var clock = Stopwatch.StartNew();
        var measured = SizeOrRefusal(() =>
        {
            var size = _thumbnailer.Measure(new MemoryStream(bytes));
            return (size.Width, size.Height);
        });
        var made = SizeOrRefusal(() =>
        {
            var thumbnail = _thumbnailer.Make(bytes, [new ThumbnailSpec(100, 100)], TestContext.Current.CancellationToken)[0];
            return (thumbnail.Width, thumbnail.Height);
        });

        return new CorpusAnswer(row, measured, made, clock.Elapsed);
    }

    /// <returns>A size, or the code of a refusal. Anything else that is thrown fails the test.</returns>
    private static object SizeOrRefusal(Func<(int, int)> ask)
    {
        try
        {
            return ask();
        }
        catch (RefusedException refusal)
        {
            return refusal.Code;
        }
    }

    private sealed record CorpusAnswer(CorpusRow Row, object Measured, object Made, TimeSpan Time)
    {
        public bool IsRight =>
            Time < Corpus.LongestTime
            && Corpus.Meets(Measured, Row.Measured, tolerance: 0)
            && Corpus.Meets(Made, Row.Made, tolerance: 1);

        public override string ToString() =>
            $"{Row.File}: measured {Measured} ({Row.Measured}), made {Made} ({Row.Made}), {Time.TotalSeconds:F1} s";
    }
}
