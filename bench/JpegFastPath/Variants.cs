using System.Diagnostics;

namespace ImageResize.Bench;

/// <summary>
/// <see cref="Quality"/> by the ways in which a JPEG can be written: the same photos, coded anew by cjpeg or carried over by jpegtran
/// (Debian's libjpeg-turbo-progs), as a table.
/// </summary>
internal sealed class Variants(string work)
{
    private const int Photos = 24;
    private const int Quality = 89;
    private const string OddSize = "1285x857+0+0";

    private string Pixels => Path.Combine(work, "photo.ppm");

    private string Halved => Path.Combine(work, "halved.jpg");

    private Dictionary<string, Func<byte[]>> All
    {
        get
        {
            var all = new Dictionary<string, Func<byte[]>>
            {
                ["4:4:4"] = () => Code("-sample", "1x1"),
                ["4:2:2"] = () => Code("-sample", "2x1"),
                ["4:4:0"] = () => Code("-sample", "1x2"),
                ["4:2:0"] = () => Code("-sample", "2x2"),
                ["4:1:1"] = () => Code("-sample", "4x1"),
                ["4:1:0"] = () => Code("-sample", "4x2"),
                ["RGB"] = () => Code("-rgb"),
                ["grey"] = () => Code("-grayscale"),
                ["quality 50"] = () => Code("-quality", "50"),
                ["quality 100, 4:4:4"] = () => Code("-quality", "100", "-sample", "1x1"),
                ["restart each row"] = () => Carry("-restart", "1"),
                ["restart each 7 MCUs"] = () => Carry("-restart", "7B"),
                ["optimised"] = () => Carry("-optimize"),
                ["progressive"] = () => Carry("-progressive"),
                ["4:2:0, odd size"] = () => Carry("-crop", OddSize),
                ["4:2:2, odd size"] = () => Run("jpegtran", ["-crop", OddSize], Code("-sample", "2x1")),
                ["upright strip"] = () => Carry("-crop", "333x1080+800+0"),
            };
            for (var orientation = 2; orientation <= 8; orientation++)
            {
                var turned = (byte)orientation;
                all.Add($"odd size, orientation {turned}", () => Turn(Carry("-crop", OddSize), turned));
            }

            return all;
        }
    }

    public static void Measure(string folder, int box)
    {
        var work = Directory.CreateTempSubdirectory().FullName;
        try
        {
            new Variants(work).Report(Cpu.ReadPhotos(folder, Photos), box);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private void Report(byte[][] photos, int box)
    {
        var found = All.Keys.ToDictionary(name => name, _ => new List<Comparison?>());
        foreach (var photo in photos)
        {
            File.WriteAllBytes(Pixels, Run("djpeg", [], photo));
            File.WriteAllBytes(Halved, Code("-sample", "2x2"));
            foreach (var (name, make) in All)
            {
                found[name].Add(Comparison.Find(make(), box, Quality));
            }
        }

        Console.WriteLine(
            $"| {photos.Length} photos to {box}, quality {Quality} | compared | stretched: ours | libvips | better in " +
            "| exact: ours | libvips | better in |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (name, all) in found)
        {
            var compared = all.OfType<Comparison>().ToList();
            Console.WriteLine(
                $"| {name} | {compared.Count} | {Columns(compared, file => file.Plain)} | {Columns(compared, file => file.Exact)} |");
        }
    }

    private static string Columns(List<Comparison> files, Func<Comparison, Pair> reference)
    {
        var pairs = files.ConvertAll(file => reference(file));
        return pairs.Count == 0
            ? "- | - | -"
            : $"{pairs.Average(pair => pair.Ours):F2} | {pairs.Average(pair => pair.Theirs):F2} " +
                $"| {pairs.Count(pair => pair.Ours >= pair.Theirs)}";
    }

    private byte[] Code(params string[] options) => Run("cjpeg", ["-quality", "90", .. options], Pixels);

    private byte[] Carry(params string[] options) => Run("jpegtran", options, Halved);

    /// <summary>A whole file through a program.</summary>
    private byte[] Run(string program, string[] options, byte[] file)
    {
        var input = Path.Combine(work, "whole.jpg");
        File.WriteAllBytes(input, file);
        return Run(program, options, input);
    }

    private byte[] Run(string program, string[] options, string input)
    {
        var output = Path.Combine(work, "variant.jpg");
        using var process = Process.Start(program, [.. options, "-outfile", output, input]);
        process.WaitForExit();
        return process.ExitCode == 0 ? File.ReadAllBytes(output) : throw new InvalidOperationException($"{program} failed.");
    }

    /// <summary>An EXIF block with nothing but the orientation.</summary>
    private static byte[] Turn(byte[] file, byte orientation) =>
    [
        .. file[..2], 0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0,
        0, .. file[2..],
    ];
}
