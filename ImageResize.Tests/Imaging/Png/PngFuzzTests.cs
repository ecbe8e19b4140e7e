namespace ImageResize.Tests.Imaging.Png;

public sealed class PngFuzzTests
{
    /// <summary>For a long run: <c>PNG_FUZZ_INPUTS=100000 PNG_FUZZ_SEED=1 dotnet test --filter PngFuzzTests</c>.</summary>
    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;

    [Fact]
    public void No_damaged_file_is_read_past_its_end_or_has_other_pixels_than_in_libvips()
    {
        var inputs = Setting("PNG_FUZZ_INPUTS", 3_000);
        using var fuzz = new PngFuzz(Setting("PNG_FUZZ_SEED", 1));

        var sound = fuzz.Run(inputs, TestContext.Current.CancellationToken);

        // Some damage has no effect. If none or all inputs were decoded, they would test nothing.
        Assert.InRange(sound, inputs / 20, inputs / 2);
    }
}
