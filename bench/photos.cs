#:project ../ImageResize.Core/ImageResize.Core.csproj

// Makes distinct JPEG photos of 1920 x 1080 for load tests. The output is always the same.
//
//   dotnet run bench/photos.cs 500 FOLDER
//
// Photos are cropped at seeded positions from images in Debian's wallpaper packages, which are downloaded once (160 MB) and
// unpacked to the temporary folder. Needs apt-get and dpkg. Other releases may contain other images and give other photos.

using System.Diagnostics;
using NetVips;

const int Width = 1_920;
const int Height = 1_080;

// Images must be larger than the photos, so that crops differ.
const double LeastRoom = 1.2;

// Smaller files are drawings or gradients.
const double LeastBytesPerPixel = 0.05;

// KDE's wallpapers of this size are drawings.
const string Drawing = "5120x2880.jpg";

string[] packages =
[
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
    "mate-backgrounds",
    "plasma-workspace-wallpapers",
];

if (args is not [var number, var folder] || !int.TryParse(number, out var count) || count < 1)
{
    return Refuse("Usage: dotnet run bench/photos.cs NUMBER FOLDER");
}

var cache = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "imageresize-wallpapers")).FullName;
try
{
    foreach (var package in packages)
    {
        Unpack(package, cache);
    }
}
catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or InvalidOperationException)
{
    return Refuse($"Can't get the images from Debian's packages with apt-get and dpkg: {missing.Message}");
}

// libvips warns about an EXIF field of one image.
Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });

var pictures = packages.SelectMany(package => FindPictures(Path.Combine(cache, package))).ToArray();
Directory.CreateDirectory(folder);

// Decodes each image once for all its photos. Photo N is the same for any count.
Parallel.For(0, pictures.Length, picture =>
{
    using var whole = Image.NewFromFile(pictures[picture]).Autorot().Colourspace(Enums.Interpretation.Srgb).CopyMemory();
    for (var photo = picture; photo < count; photo += pictures.Length)
    {
        TakePhoto(whole, photo, Path.Combine(folder, $"photo-{photo + 1:D4}.jpg"));
    }
});

var bytes = new DirectoryInfo(folder).EnumerateFiles("photo-*.jpg").Sum(file => file.Length);
Console.WriteLine($"{count} photos of {pictures.Length} images in {folder}, {bytes / count / 1_000:N0} kB on average.");
return 0;

static void Unpack(string package, string cache)
{
    var unpacked = Path.Combine(cache, package);
    if (Directory.Exists(unpacked))
    {
        return;
    }

    Console.WriteLine($"Downloading {package}...");
    var partial = Directory.CreateDirectory(unpacked + ".partial").FullName;
    Run("apt-get", ["download", package], partial);
    Run("dpkg", ["-x", Directory.GetFiles(partial, "*.deb").Single(), partial], partial);
    Directory.Move(partial, unpacked);
}

static void Run(string program, string[] arguments, string folder)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder })!;
    process.WaitForExit();
    if (process.ExitCode != 0)
    {
        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed (apt-get update may help)");
    }
}

static IEnumerable<string> FindPictures(string folder) =>
    new DirectoryInfo(folder).EnumerateFiles("*.jpg", SearchOption.AllDirectories)
        .Where(file => file.LinkTarget is null && file.Name != Drawing && IsLargePhoto(file))
        .Select(file => file.FullName)
        .Order(StringComparer.Ordinal);

static bool IsLargePhoto(FileInfo file)
{
    using var header = Image.NewFromFile(file.FullName);
    return header.Width >= Width * LeastRoom
        && header.Height >= Height * LeastRoom
        && file.Length >= LeastBytesPerPixel * header.Width * header.Height;
}

static void TakePhoto(Image whole, int photo, string path)
{
    var random = new Random(photo);
    var widest = Math.Min(whole.Width, whole.Height * Width / Height);
    var width = random.Next(Width, widest + 1);
    var height = width * Height / Width;
    var left = random.Next(whole.Width - width + 1);
    var top = random.Next(whole.Height - height + 1);

    using var cut = whole.Crop(left, top, width, height);
    using var photoSized = cut.ThumbnailImage(Width, Height, size: Enums.Size.Force);
    photoSized.Jpegsave(path, q: random.Next(85, 96), keep: Enums.ForeignKeep.None);
}

static int Refuse(string sentence)
{
    Console.Error.WriteLine(sentence);
    return 1;
}
