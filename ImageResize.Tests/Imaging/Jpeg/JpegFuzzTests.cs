using NetVips;

namespace ImageResize.Tests.Imaging.Jpeg;

public sealed class JpegFuzzTests
{
    /// <summary>For a long run: <c>JPEG_FUZZ_INPUTS=100000 JPEG_FUZZ_SEED=1 dotnet test --filter JpegFuzzTests</c>.</summary>
    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;

    [Fact]
    public void No_damaged_file_is_read_past_its_end()
    {
        var inputs = Setting("JPEG_FUZZ_INPUTS", 5_000);
        using var fuzz = new JpegFuzz(Setting("JPEG_FUZZ_SEED", 1), Seeds());

        var sound = fuzz.Run(inputs, TestContext.Current.CancellationToken);

        // Some damage has no effect. If none or all inputs were decoded, they would test nothing.
        Assert.InRange(sound, inputs / 1_000, inputs / 2);
    }

    private static byte[][] Seeds() =>
    [
        JpegTestImages.Jpeg(),
        JpegTestImages.Jpeg(progressive: true),
        JpegTestImages.Jpeg(progressive: true, restartInterval: 5),
        JpegTestImages.Jpeg(optimise: true, orientation: 6, quality: 98),
        JpegTestImages.Jpeg(restartInterval: 3),
        JpegTestImages.Jpeg(201, 333, isGray: true),
        JpegTestImages.Jpeg(subsample: Enums.ForeignSubsample.Off, quality: 50, profile: "srgb"),
        JpegTestImages.Fixture("non-interleaved.jpg"),
        JpegTestImages.Fixture("rgb-by-adobe.jpg"),
        JpegTestImages.Fixture("long-codes.jpg"),
    ];
}
