using System.Diagnostics;

namespace ImageResize.Kernels;

/// <summary>For each folder name read from standard input, makes thumbnails of its images on all cores and prints the time in ms.</summary>
internal static class Loop
{
    public static void Run(Func<string, byte[]> makeThumbnail, string images, string output)
    {
        while (Console.ReadLine() is { } folder)
        {
            var started = Stopwatch.StartNew();
            Directory.CreateDirectory(Path.Combine(output, folder));
            Parallel.ForEach(
                Directory.GetFiles(Path.Combine(images, folder)),
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
                file => File.WriteAllBytes(Path.Combine(output, folder, Path.GetFileName(file)), makeThumbnail(file)));
            Console.WriteLine($"0 {started.ElapsedMilliseconds}");
        }
    }
}
