using System.Diagnostics;

namespace ImageResize.Bench;

/// <summary>Processor time of the whole process, libvips' threads included, in milliseconds.</summary>
internal static class Cpu
{
    public static double Of(Action work)
    {
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        work();
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalMilliseconds;
    }

    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    public static byte[][] ReadPhotos(string folder, int most = 60)
    {
        var files = Directory.GetFiles(folder, "*.jpg").Order().ToArray();
        var step = Math.Max(1, files.Length / most);
        return [.. files.Where((_, index) => index % step == 0).Take(most).Select(File.ReadAllBytes)];
    }
}
