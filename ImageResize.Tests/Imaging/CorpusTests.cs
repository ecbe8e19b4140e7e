using System.Diagnostics;
using System.Text.RegularExpressions;
using ImageResize.Core.Imaging;
using Microsoft.Extensions.Options;
using Microsoft.VisualBasic.FileIO;

namespace ImageResize.Tests.Imaging;

/// <summary>
/// Files that broke other programs, each with what a correct service does with it. They are not part of this project:
/// IMAGERESIZE_CORPUS names the folder with them and their index.csv.
/// </summary>
public sealed partial class CorpusTests(ITestOutputHelper output)
{
    private const string Variable = "IMAGERESIZE_CORPUS";

    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(10);

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    [Fact]
    public void Every_file_of_the_corpus_is_answered_as_its_index_says()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(Directory.Exists(folder), $"{Variable} names no folder with the corpus of odd and hostile images.");

        var answers = ReadIndex(Path.Combine(folder, "index.csv")).Select(row => Answer(folder, row)).ToList();

        foreach (var verdict in answers.GroupBy(answer => answer.Row["verdict"]))
        {
            output.WriteLine($"{verdict.Key}: {verdict.Count(answer => answer.IsRight)} of {verdict.Count()} right");
        }

        var slowest = answers.MaxBy(answer => answer.Time)!;
        output.WriteLine($"slowest: {slowest.Time.TotalMilliseconds:F0} ms, {slowest.Row["file"]}");
        output.WriteLine($"peak memory: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        Assert.All(answers, answer => Assert.True(answer.IsRight, answer.ToString()));
    }

    private static List<Dictionary<string, string>> ReadIndex(string path)
    {
        using var parser = new TextFieldParser(path) { Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        var names = parser.ReadFields()!;
        var rows = new List<Dictionary<string, string>>();
        while (!parser.EndOfData)
        {
            rows.Add(names.Zip(parser.ReadFields()!).ToDictionary(field => field.First, field => field.Second));
        }

        return rows;
    }

    private CorpusAnswer Answer(string folder, Dictionary<string, string> row)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, row["file"]));
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
        catch (ImageRefusedException refusal)
        {
            return refusal.Code;
        }
    }

    private sealed partial record CorpusAnswer(Dictionary<string, string> Row, object Measured, object Made, TimeSpan Time)
    {
        public bool IsRight =>
            Time < LongestTime
            && Meets(Measured, Row["measure_expected"], tolerance: 0)
            && Meets(Made, Row["thumb100_expected"], tolerance: 1);

        public override string ToString() =>
            $"{Row["file"]}: measured {Measured} ({Row["measure_expected"]}), "
            + $"made {Made} ({Row["thumb100_expected"]}), {Time.TotalSeconds:F1} s";

        // "290x442", "290x442, or clear error", "error: too large (100x100 allowed...)", "clear error, or a thumbnail that fits..."
        private static bool Meets(object answer, string expected, int tolerance)
        {
            if (answer is not (int width, int height))
            {
                return expected.Contains("error", StringComparison.Ordinal);
            }

            if (expected.StartsWith("clear error, or", StringComparison.Ordinal))
            {
                return tolerance == 0 || (width <= 100 && height <= 100);
            }

            var size = Size().Match(expected);
            return size.Success
                && Math.Abs(width - int.Parse(size.Groups["width"].Value)) <= tolerance
                && Math.Abs(height - int.Parse(size.Groups["height"].Value)) <= tolerance;
        }

        [GeneratedRegex(@"(?<width>\d+)x(?<height>\d+)")]
        private static partial Regex Size();
    }
}
