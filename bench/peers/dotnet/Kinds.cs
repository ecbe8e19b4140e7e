using NetVips;

namespace ImageResize.Kernels;

/// <summary>Makes the kinds of images that kernels are compared on, one folder each, from HD photos.</summary>
internal static class Kinds
{
    private const int Mosaic = 12;

    public static void Make(string photos, int count, string output)
    {
        var files = Directory.GetFiles(photos, "*.jpg").Order(StringComparer.Ordinal).ToArray();

        for (var number = 0; number < count; number++)
        {
            var file = files[number * files.Length / count];
            File.Copy(file, PathOf("hd-jpeg", "jpg"), overwrite: true);

            using var photo = Image.NewFromFile(file).CopyMemory();
            photo.Jpegsave(PathOf("progressive", "jpg"), q: 90, interlace: true, optimizeCoding: true);
            photo.Pngsave(PathOf("png", "png"));
            photo.Webpsave(PathOf("webp", "webp"), q: 85);
            photo.Heifsave(PathOf("avif", "avif"), q: 60, compression: Enums.ForeignHeifCompression.Av1, effort: 2);

            // Twelve photos, three per row, cropped to 12 megapixels: at least as detailed as a photo of that size.
            var tiles = Enumerable.Range(number, Mosaic).Select(tile => Image.NewFromFile(files[tile % files.Length])).ToArray();
            using var mosaic = Image.Arrayjoin(tiles, across: 3).Crop(0, 0, 4_000, 3_000);
            mosaic.Jpegsave(PathOf("12mp-jpeg", "jpg"), q: 90);

            string PathOf(string kind, string extension) =>
                Path.Combine(Directory.CreateDirectory(Path.Combine(output, kind)).FullName, $"{number:D2}.{extension}");
        }
    }
}
