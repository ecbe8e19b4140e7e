namespace ImageResize.Bench;

/// <summary>How near finished files are to their photos, ours and libvips'.</summary>
internal static class Quality
{
    private static readonly int[] Qualities = [80, 89];

    public static void Measure(string folder, int box)
    {
        var photos = Cpu.ReadPhotos(folder, most: 500);
        foreach (var quality in Qualities)
        {
            var comparisons = photos.Select(photo => Comparison.Find(photo, box, quality)).OfType<Comparison>().ToList();
            Console.WriteLine(
                $"quality {quality}: ours {comparisons.Average(file => file.Bytes.Ours):F0} bytes, " +
                $"libvips {comparisons.Average(file => file.Bytes.Theirs):F0}");
            Report("8-bit, stretched", [.. comparisons.Select(file => file.Plain)]);
            Report("exact, each its own geometry", [.. comparisons.Select(file => file.Exact)]);
        }
    }

    private static void Report(string reference, List<Pair> values) =>
        Console.WriteLine(
            $"{reference}: {values.Count} photos, ours {values.Average(value => value.Ours):F2} dB " +
            $"(least {values.Min(value => value.Ours):F2}), libvips {values.Average(value => value.Theirs):F2} " +
            $"(least {values.Min(value => value.Theirs):F2}), ours better in {values.Count(value => value.Ours >= value.Theirs)}");
}
