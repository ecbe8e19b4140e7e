using System.Diagnostics;

namespace ImageResize.Kernels;

/// <summary>
/// What each kernel program does, in whatever language: for each line that it reads it makes thumbnails of a folder's images,
/// all of them again and again for half a second, one at a time, and answers how many. Whoever asks measures the process.
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
