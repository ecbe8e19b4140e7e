namespace ImageResize.Bench;

/// <summary>Processor time of the whole process, libvips' threads included, in milliseconds.</summary>
internal static class Cpu
{
    public static double Of(Action work)
    {
        var before = Environment.CpuUsage.UserTime;
        work();
        return (Environment.CpuUsage.UserTime - before).TotalMilliseconds;
    }

    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
