using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.VisualBasic.FileIO;

namespace ImageResize.Tests.Imaging;

/// <summary>
/// Files that broke other programs, each with what a correct service does with it. They are not part of this project:
/// IMAGERESIZE_CORPUS names the folder with them and their index.csv.
/// </summary>
internal sealed partial class Corpus
{
    private const string Variable = "IMAGERESIZE_CORPUS";

    /// <summary>Ten times as long as the slowest file takes, because the machine may be shared.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(60);

    private Corpus(string folder, IReadOnlyList<CorpusRow> rows) => (Folder, Rows) = (folder, rows);

    public string Folder { get; }

    public IReadOnlyList<CorpusRow> Rows { get; }

    /// <summary>Skips the test with a reason if there is no corpus.</summary>
    public static Corpus Open()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(Directory.Exists(folder), $"{Variable} names no folder with the corpus of odd and hostile images.");

        using var parser = new TextFieldParser(Path.Combine(folder, "index.csv")) { Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        var names = parser.ReadFields()!;
        var rows = new List<CorpusRow>();
        while (!parser.EndOfData)
        {
            var row = names.Zip(parser.ReadFields()!).ToDictionary(field => field.First, field => field.Second);
            rows.Add(new CorpusRow(row["file"], row["verdict"], row["measure_expected"], row["thumb100_expected"]));
        }

        return new Corpus(folder, rows);
    }

    /// <param name="answer">A width and a height, or the code of a refusal.</param>
    /// <param name="expected">"290x442, or clear error", "error: too large (100x100 allowed...)", "clear error, or a thumbnail that
    /// fits..."</param>
    public static bool Meets(object answer, string expected, int tolerance)
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
            && Math.Abs(width - int.Parse(size.Groups["width"].Value, CultureInfo.InvariantCulture)) <= tolerance
            && Math.Abs(height - int.Parse(size.Groups["height"].Value, CultureInfo.InvariantCulture)) <= tolerance;
    }

    [GeneratedRegex(@"(?<width>\d+)x(?<height>\d+)")]
    private static partial Regex Size();
}

/// <summary>The expected result of a file of the corpus, as its index describes it.</summary>
internal sealed record CorpusRow(string File, string Verdict, string Measured, string Made);
