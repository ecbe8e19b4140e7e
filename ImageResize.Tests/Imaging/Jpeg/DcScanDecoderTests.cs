using ImageResize.Core.Imaging.Jpeg;
using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

/// <summary>
/// Two cursors decode exactly what one decodes, and reject what it rejects. A restart interval longer than the image makes the decoder use
/// one cursor, and changes nothing else.
/// </summary>
public sealed class DcScanDecoderTests
{
    private static readonly Dictionary<string, Func<byte[]>> Files = new(JpegTestImages.Samplings)
    {
        ["optimised"] = () => JpegTestImages.Jpeg(1_280, 854, optimise: true),
        ["odd sizes"] = () => JpegTestImages.Jpeg(1_283, 857),
        ["full blocks, long codes"] = () => JpegTestImages.Jpeg(1_283, 857, quality: 100),
        ["low quality"] = () => JpegTestImages.Jpeg(1_280, 854, quality: 10),
        ["few blocks"] = () => JpegTestImages.Jpeg(320, 200),
        ["one color, never synchronized"] = () => SynchronizationJpegs.OneColour(1_280, 1_285),
        ["one color, synchronized"] = () => SynchronizationJpegs.OneColour(1_280, 1_280),
        ["one color, grey"] = () => SynchronizationJpegs.OneColour(1_280, 2_560, isGray: true),
        ["a picture, then one color"] = () => HalfPicture(isFirst: true),
        ["one color, then a picture"] = () => HalfPicture(isFirst: false),
        ["no guess is right"] = SynchronizationJpegs.NeverRight,
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_cursors_decode_the_same_samples_as_one(string name)
    {
        var file = Files[name]();

        var samples = Decode(file);

        Assert.NotNull(samples);
        Assert.Equal(Decode(WithOneCursor(file)), samples);
    }

    [Theory]
    [InlineData("4:2:0")]
    [InlineData("4:4:4")]
    [InlineData("grey")]
    [InlineData("full blocks, long codes")]
    [InlineData("one color, never synchronized")]
    public void Two_cursors_treat_a_damaged_file_as_one_does(string name)
    {
        var file = Files[name]();
        var random = new Random(5);
        var sound = 0;
        for (var input = 0; input < 60; input++)
        {
            var damaged = Damage(file, random);
            var samples = Decode(damaged);
            sound += samples is null ? 0 : 1;
            Assert.Equal(Decode(WithOneCursor(damaged)), samples);
        }

        // If all were rejected, nothing would be compared.
        Assert.InRange(sound, 1, 59);
    }

    /// <summary>Half of the damage changes a single bit, after which the codes often synchronize again.</summary>
    private static byte[] Damage(byte[] file, Random random)
    {
        var scan = ScanOf(file);
        var damaged = file.ToArray();
        var at = random.Next(scan + 14, file.Length - 2);
        switch (random.Next(4))
        {
            case 0:
                return [.. damaged[..at], .. damaged[(at + 1)..]];
            case 1:
                return [.. damaged[..at], 0x55, .. damaged[at..]];
            default:
                damaged[at] ^= (byte)(1 << random.Next(8));
                return damaged;
        }
    }

    private static byte[] WithOneCursor(byte[] file)
    {
        var scan = ScanOf(file);
        return [.. file[..scan], 0xFF, 0xDD, 0, 4, 0xFF, 0xFF, .. file[scan..]];
    }

    private static int ScanOf(byte[] file) => file.AsSpan().IndexOf(new byte[] { 0xFF, 0xDA });

    /// <summary>The second time, small files are decoded by two cursors too: tables that are used again are worth making.</summary>
    private static byte[]? Decode(byte[] file)
    {
        var decoder = new JpegDecoder();
        var first = Decode(decoder, file);
        var second = Decode(decoder, file);

        Assert.Equal(first, second);
        return second;
    }

    private static byte[]? Decode(JpegDecoder decoder, byte[] file)
    {
        Assert.True(decoder.TryReadHeader(file), "The header is supported.");
        try
        {
            return decoder.TryDecode(file, [1, 1, 1], TestContext.Current.CancellationToken)
                ? [.. decoder.Frame.Components.ToArray().SelectMany(component => component.Samples.ToArray())]
                : null;
        }
        finally
        {
            decoder.Release();
        }
    }

    private static byte[] HalfPicture(bool isFirst)
    {
        using var picture = Image.NewFromBuffer(JpegTestImages.Jpeg(1_280, 640));
        using var color = Image.NewFromBuffer(SynchronizationJpegs.OneColour(1_280, 1_280));
        using var both = isFirst ? picture.Join(color, Enums.Direction.Vertical) : color.Join(picture, Enums.Direction.Vertical);
        return both.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None);
    }
}
