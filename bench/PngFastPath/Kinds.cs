using NetVips;

namespace ImageResize.Bench;

/// <summary>
/// PNGs of HD size, as libvips writes them and with the filters that fit each row. Smaller screenshots are repeated.
/// </summary>
internal static class Kinds
{
    private const int Count = 8;
    private const int Width = 1_920;
    private const int Height = 1_080;

    public static void Make(string photos, string screenshots, string output)
    {
        var jpegs = Directory.GetFiles(photos, "*.jpg").Order(StringComparer.Ordinal).ToArray();
        Save("photo", jpegs.Where((_, index) => index % Math.Max(1, jpegs.Length / Count) == 0).Take(Count), output);
        Save("screenshot", Directory.GetFiles(screenshots, "*.png").Order(StringComparer.Ordinal).Take(Count), output);
    }

    private static void Save(string kind, IEnumerable<string> files, string output)
    {
        foreach (var file in files)
        {
            using var image = Image.NewFromFile(file);
            using var tiles = Image.Arrayjoin([image, image, image, image], across: 2);
            using var stored = (image.Width < Width ? tiles : image).Crop(0, 0, Width, Height).CopyMemory();
            using var opaque = stored.ExtractBand(0, n: 3);
            using var alpha = opaque.Bandjoin(255);
            var name = Path.GetFileNameWithoutExtension(file);
            opaque.Pngsave(PathOf(kind));
            opaque.Pngsave(PathOf($"{kind}-filtered"), filter: Enums.ForeignPngFilter.All);
            alpha.Pngsave(PathOf($"{kind}-alpha"), filter: Enums.ForeignPngFilter.All);

            string PathOf(string folder) => Path.Combine(Directory.CreateDirectory(Path.Combine(output, folder)).FullName, name + ".png");
        }
    }
}
