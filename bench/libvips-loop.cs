#:package NetVips@3.2.0
#:package NetVips.Native.linux-x64@8.18.7
#:property ManagePackageVersionsCentrally=false

// The least that anyone could do with libvips: thumbnails of a folder, in one loop, on all cores. The yardstick of bench/folder.
//
//   dotnet run bench/libvips-loop.cs PHOTOS OUTPUT

using System.Diagnostics;
using NetVips;

var (photos, output) = (Directory.GetFiles(args[0]), Directory.CreateDirectory(args[1]).FullName);
NetVips.NetVips.Concurrency = 1;
Cache.Max = 0;

Make(photos[0]);
var (started, cpu) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
Parallel.ForEach(photos, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, Make);
var (wall, used) = (started.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - cpu);

Console.WriteLine(
    $"plain libvips loop        {wall.TotalMilliseconds:F0} ms ({photos.Length / wall.TotalSeconds:F0} images a second), "
    + $"CPU an image {used.TotalMilliseconds / photos.Length:F2} ms");

void Make(string photo)
{
    using var thumbnail = Image.Thumbnail(photo, 100, height: 100, size: Enums.Size.Down);
    thumbnail.Jpegsave(Path.Combine(output, Path.GetFileName(photo)), q: 80, keep: Enums.ForeignKeep.None);
}
