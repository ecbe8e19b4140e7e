using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Png.Chunks;
using ImageResize.Core.Imaging.Vips;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;
using NetVips;

namespace ImageResize.Tests.Imaging.Png;

/// <summary>Thumbnails of PNGs without libvips look like those with it.</summary>
public sealed class PngThumbnailTests
{
    private const double MeanTolerance = 2;

    private readonly Thumbnailer _thumbnailer = new(Options.Create(new ImagingOptions()));

    public static TheoryData<byte, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<byte, int, int>();
            foreach (var colors in Enum.GetValues<PngColorType>())
            {
                foreach (var (width, height) in ((int, int)[])[(30, 30), (100, 40), (157, 400), (399, 399), (1_000, 1_000), (20, 300)])
                {
                    cases.Add((byte)colors, width, height);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_thumbnail_looks_like_that_of_libvips(byte colors, int width, int height)
    {
        var png = Smooth((PngColorType)colors);
        foreach (var fit in Enum.GetValues<Fit>())
        {
            var spec = new ThumbnailSpec(width, height) { Fit = fit, Format = ImageFormat.Jpeg, Quality = 89, Background = "#808080" };

            using var ours = Open(_thumbnailer.TryMakeManaged(png, [spec], TestContext.Current.CancellationToken)![0]);
            using var theirs = Open(MakeWithLibvips(png, spec));

            Assert.Equal((theirs.Width, theirs.Height, theirs.Bands), (ours.Width, ours.Height, ours.Bands));
            Assert.InRange((ours - theirs).Abs().Avg(), 0, MeanTolerance);
        }
    }

    [Fact]
    public void Several_thumbnails_are_made_of_one_decode()
    {
        var png = Smooth(PngColorType.Rgba);
        var jpeg = new ThumbnailSpec(10, 10) { Format = ImageFormat.Jpeg };
        ThumbnailSpec[] specs = [jpeg, jpeg with { Width = 350, Height = 350 }, jpeg with { Width = 90, Height = 90 }];

        var together = _thumbnailer.TryMakeManaged(png, specs, TestContext.Current.CancellationToken);

        Assert.Equal(
            specs.Select(spec => _thumbnailer.TryMakeManaged(png, [spec], TestContext.Current.CancellationToken)![0].Bytes.ToArray()),
            together!.Select(thumbnail => thumbnail.Bytes.ToArray()));
    }

    [Fact]
    public void The_background_is_behind_transparent_pixels()
    {
        var png = TestImages.TransparentPng();
        var spec = new ThumbnailSpec(100, 100) { Format = ImageFormat.Jpeg, Background = "#2040c0" };

        using var ours = Open(_thumbnailer.TryMakeManaged(png, [spec], TestContext.Current.CancellationToken)![0]);
        using var theirs = Open(MakeWithLibvips(png, spec));

        Assert.InRange((ours - theirs).Abs().Avg(), 0, MeanTolerance);
    }

    [Fact]
    public void A_png_as_a_result_a_colored_background_behind_gray_and_colors_that_are_not_srgb_are_left_to_libvips()
    {
        var jpeg = new ThumbnailSpec(20, 20) { Format = ImageFormat.Jpeg };
        var gray = Smooth(PngColorType.GrayAlpha);
        byte[] gamma = TestPng.With(Smooth(PngColorType.Rgb), TestPng.Chunk("gAMA", [0, 1, 0x86, 0xA0]));
        byte[] srgbGamma = TestPng.With(Smooth(PngColorType.Rgb), TestPng.Chunk("gAMA", [0, 0, 0xB1, 0x8F]));

        Assert.NotNull(Make(gray, jpeg));
        Assert.NotNull(Make(srgbGamma, jpeg));
        Assert.Null(Make(gray, jpeg with { Background = "#ff0000" }));
        Assert.Null(Make(gray, jpeg with { Format = null }));
        Assert.Null(Make(gamma, jpeg));
    }

    [Fact]
    public void A_palettes_index_without_a_color_is_left_to_libvips()
    {
        byte[] rows = [.. PngSamples.MakeRows(PngColorType.Palette, 50, 50, 0, new Random(1))[..^1], PngSamples.PaletteColors];
        var png = PngSamples.Write(
            PngColorType.Palette, 50, 50, PngSamples.Compress(rows, System.IO.Compression.CompressionLevel.Optimal), 8_192);

        Assert.Null(Make(png, new ThumbnailSpec(20, 20) { Format = ImageFormat.Jpeg }));
    }

    [Theory]
    [InlineData(400, 400)]
    [InlineData(300, 700)]
    [InlineData(1_600, 1_200)]
    [InlineData(1_001, 1_000)]
    public void The_top_that_cover_cuts_off_may_be_high(int width, int height)
    {
        var png = PngSamples.Make(PngColorType.Rgb, width, height, filter: 2);
        foreach (var (boxWidth, boxHeight) in ((int, int)[])[(300, 200), (150, 100), (150, 150), (100, 10)])
        {
            var spec = new ThumbnailSpec(boxWidth, boxHeight) { Fit = Fit.Cover, Format = ImageFormat.Jpeg };

            using var ours = Open(Make(png, spec)!);

            Assert.Equal((Math.Min(width, boxWidth), boxHeight), (ours.Width, ours.Height));
        }
    }

    /// <summary>Empty blocks take time, but no row comes that a deadline could be checked at.</summary>
    [Theory]
    [InlineData(900, true)]
    [InlineData(1_100, false)]
    public void A_png_of_many_more_blocks_than_bytes_is_left_to_libvips(int blocks, bool isOurs)
    {
        byte[] empty = [0, 0, 0, 0xFF, 0xFF];
        byte[] row = [1, 4, 0, 0xFB, 0xFF, 0, 0x10, 0x20, 0x30];
        byte[] checksum = [0, 0xA4, 0, 0x61];
        byte[] data = [0x78, 1, .. Enumerable.Repeat(empty, blocks).SelectMany(block => block), .. row, .. checksum];
        var png = PngSamples.Write(PngColorType.Rgb, 1, 1, data, 8_192);

        Assert.Equal(isOurs, Make(png, new ThumbnailSpec(1, 1) { Format = ImageFormat.Jpeg }) is not null);
    }

    [Fact]
    public void A_damaged_png_is_refused_as_before()
    {
        var png = TestImages.Png();
        var half = png.AsMemory(0, png.Length / 2);

        var refusal = Assert.Throws<RefusedException>(() => _thumbnailer.Make(
            half, [new ThumbnailSpec(20, 20) { Format = ImageFormat.Jpeg }], TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.Damaged, refusal.Code);
    }

    [Fact]
    public void Every_png_of_the_corpus_has_the_result_that_libvips_gives()
    {
        var corpus = Corpus.Open();
        var spec = new ThumbnailSpec(100, 100) { Format = ImageFormat.Jpeg };
        foreach (var row in corpus.Rows)
        {
            var file = File.ReadAllBytes(Path.Combine(corpus.Folder, row.File));
            if (Path.GetExtension(row.File) == ".png" && Make(file, spec) is { } thumbnail)
            {
                var theirs = MakeWithLibvips(file, spec);

                Assert.Equal((theirs.Width, theirs.Height), (thumbnail.Width, thumbnail.Height));
            }
        }
    }

    private Thumbnail? Make(byte[] png, ThumbnailSpec spec) =>
        _thumbnailer.TryMakeManaged(png, [spec], TestContext.Current.CancellationToken)?[0];

    /// <summary>Thumbnails with a profile are made by libvips. These files have none.</summary>
    private Thumbnail MakeWithLibvips(byte[] png, ThumbnailSpec spec)
    {
        var kept = spec with { Keep = KeptMetadata.ColourProfile };
        return _thumbnailer.Make(png, [kept], TestContext.Current.CancellationToken)[0];
    }

    private static Image Open(Thumbnail thumbnail)
    {
        Libvips.AllowLoader("Jpeg");
        return Image.NewFromBuffer(thumbnail.Bytes.ToArray());
    }

    private static byte[] Smooth(PngColorType colors)
    {
        using var x = Image.Xyz(400, 300);
        using var wave = ((x[0] / 9).Sin() * (x[1] / 13).Cos() * 100) + 128;
        using var other = ((x[0] / 23).Cos() * 60) + (x[1] / 3) + 60;
        using var bytes = wave.Bandjoin([other, (wave + other) / 2]).Cast(Enums.BandFormat.Uchar);
        using var rgb = bytes.Copy(interpretation: Enums.Interpretation.Srgb);
        using var gray = rgb.ExtractBand(0).Copy(interpretation: Enums.Interpretation.Bw);
        using var alpha = (x[0] / 2).Cast(Enums.BandFormat.Uchar);
        return colors switch
        {
            PngColorType.Gray => gray.PngsaveBuffer(),
            PngColorType.GrayAlpha => gray.Bandjoin(alpha).PngsaveBuffer(),
            PngColorType.Rgb => rgb.PngsaveBuffer(filter: Enums.ForeignPngFilter.All),
            PngColorType.Rgba => rgb.Bandjoin(alpha).PngsaveBuffer(filter: Enums.ForeignPngFilter.Paeth),
            _ => rgb.PngsaveBuffer(palette: true, bitdepth: 8),
        };
    }
}
