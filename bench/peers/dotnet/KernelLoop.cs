using System.Diagnostics;

namespace ImageResize.Kernels;

/// <summary>
/// The protocol of all kernel programs. For each line read from standard input, it makes thumbnails of all images of a folder, repeatedly
/// for half a second and one at a time, and prints how many. The caller measures the process's CPU time.
/// </summary>
internal static class KernelLoop
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(0.5);

    public static void Run(Func<string, byte[]> makeThumbnail, string folder)
    {
        var files = Directory.GetFiles(folder);
        while (Console.ReadLine() is not null)
        {
            var (started, images, bytes) = (Stopwatch.StartNew(), 0, 0L);
            while (started.Elapsed < Enough)
            {
                bytes += files.Sum(file => (long)makeThumbnail(file).Length);
                images += files.Length;
            }

            Console.WriteLine($"{images} {bytes / images}");
        }
    }
}
