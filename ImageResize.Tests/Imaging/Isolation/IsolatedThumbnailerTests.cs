using System.Diagnostics;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Formats;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.FaultyApp;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Isolation;

/// <summary>Images in child processes. Marked ones crash, hang or allocate memory in native code.</summary>
public sealed class IsolatedThumbnailerTests : IDisposable
{
    private static readonly ImageWork Thumbnail = new(Measure: true, [new ThumbnailSpec(20, 20)]);

    /// <summary>In the command line of this test's child processes, because other tests have child processes too.</summary>
    private readonly string _mark = Guid.NewGuid().ToString();
    private readonly GuardRig _guard;

    public IsolatedThumbnailerTests() => _guard = new GuardRig(
        new ImagingOptions { DeadlineSeconds = 3, MaxMegapixels = 10 },
        FaultyProgram.ChildCommand with { Arguments = [.. FaultyProgram.ChildCommand.Arguments, _mark] });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task A_child_process_returns_the_same_thumbnails_as_the_program()
    {
        using var shipped = new GuardRig();
        ThumbnailSpec[] specs =
        [
            new(20, 20),
            new(40, 10) { Fit = Fit.Cover, Gravity = Gravity.Attention,
                Format = ImageFormat.WebP, Quality = 40, Keep = KeptMetadata.Copyright },
            new(30, 30) { Format = ImageFormat.Png, Background = "#ff0000", Animated = true },
        ];

        var here = await shipped.Thumbnailer.MakeAsync(
            TestImages.Jpeg(400, 300), new ImageWork(true, specs), new ImagePriority(1), isSuspect: false, Token);
        var apart = await shipped.Thumbnailer.MakeAsync(
            TestImages.Jpeg(400, 300), new ImageWork(true, specs), new ImagePriority(1), isSuspect: true, Token);

        Assert.Equal(new ImageSize(400, 300, 1, ImageFormat.Jpeg), apart.Size);
        Assert.Equal(here.Size, apart.Size);
        Assert.Equal(
            here.Thumbnails.Select(made => (made.Format, made.Width, made.Height, Convert.ToHexString(made.Bytes.Span))),
            apart.Thumbnails.Select(made => (made.Format, made.Width, made.Height, Convert.ToHexString(made.Bytes.Span))));
    }

    [Fact]
    public async Task A_child_process_passes_notes_on()
    {
        var work = new ImageWork(Measure: false, [new ThumbnailSpec(20, 20) { Animated = true, Format = ImageFormat.Png }]);

        var made = await _guard.Thumbnailer.MakeAsync(
            TestImages.Gif(frames: 2), work, new ImagePriority(1), isSuspect: true, Token);

        Assert.Equal("PNG has no animation. The thumbnail is the first frame.", made.Thumbnails.Single().Note);
    }

    [Fact]
    public async Task A_child_process_returns_the_same_refusals_as_the_program()
    {
        var refusal = await RefusalAsync("no image"u8.ToArray());

        Assert.Equal((ErrorCode.NotAnImage.Name, "The given image path is not a valid image format"), refusal);
    }

    [Theory]
    [InlineData("abort", "decoder_crashed")]
    [InlineData("crash", "decoder_crashed")]
    [InlineData("spin", "too_slow")]
    [InlineData("sleep", "too_slow")]
    [InlineData("eat", "too_large")]
    public async Task An_image_that_crashes_two_child_processes_is_refused_and_the_next_is_processed(string fault, string code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The faults are made with the C library of Unix.");

        var refusal = await RefusalAsync(Faulty(fault));
        var next = await MakeAsync(TestImages.Jpeg(40, 30));

        Assert.Equal(code, refusal.Code);
        Assert.Equal((20, 15), (next.Thumbnails[0].Width, next.Thumbnails[0].Height));
    }

    [Fact]
    public async Task An_image_that_is_stopped_in_the_program_is_repeated_in_a_child_process()
    {
        using var guard = new GuardRig(new ImagingOptions { DeadlineSeconds = 1 }, FaultyProgram.ChildCommand, new FaultyThumbnailer(
            new Thumbnailer(Options.Create(new ImagingOptions()))));

        var refusal = await Assert.ThrowsAsync<RefusedException>(
            () => guard.Thumbnailer.MakeAsync(Faulty("slow"), Thumbnail, new ImagePriority(1), isSuspect: false, Token));

        Assert.Equal(ErrorCode.ImageTooSlow.Name, refusal.Code.Name);
    }

    [Fact]
    public async Task One_child_process_serves_many_images_and_ends_when_idle()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        for (var i = 0; i < 20; i++)
        {
            await MakeAsync(TestImages.Jpeg(40, 30));
        }

        Assert.Single(Children());
        _guard.Dispose();
        await Eventually.Async(() => Children().Count == 0);
    }

    [Fact]
    public async Task A_child_process_has_none_of_the_programs_settings()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        var setting = "AzureWebJobsStorage" + _mark; // not the setting itself: other tests' programs would read it
        Environment.SetEnvironmentVariable(setting, "AccountKey=secret");
        try
        {
            await MakeAsync(TestImages.Jpeg(40, 30));

            var child = Assert.Single(Children());
            Assert.DoesNotContain("secret", await File.ReadAllTextAsync($"/proc/{child}/environ", Token), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(setting, null);
        }
    }

    [Fact]
    public async Task A_child_process_that_cannot_be_started_is_a_fault()
    {
        using var guard = new GuardRig(command: new("/nowhere/program", []));

        await Assert.ThrowsAsync<IOException>(
            () => guard.Thumbnailer.MakeAsync(TestImages.Jpeg(40, 30), Thumbnail, new ImagePriority(1), isSuspect: true, Token));
    }

    private static byte[] Faulty(string fault) => [.. TestImages.Jpeg(40, 30), .. System.Text.Encoding.ASCII.GetBytes("faulty: " + fault)];

    private async Task<(string Code, string Message)> RefusalAsync(byte[] picture)
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => MakeAsync(picture));

        return (refusal.Code.Name, refusal.Message);
    }

    private Task<ImageWorkResult> MakeAsync(byte[] picture) =>
        _guard.Thumbnailer.MakeAsync(picture, Thumbnail, new ImagePriority(1), isSuspect: true, Token);

    private List<int> Children() => [.. Process.GetProcesses().Select(process => process.Id).Where(IsChild)];

    private bool IsChild(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains(_mark, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
