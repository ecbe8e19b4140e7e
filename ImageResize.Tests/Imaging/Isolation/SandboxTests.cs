using ImageResize.Core.Errors;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Isolation.Sandbox;
using ImageResize.Core.Imaging.Operations;
using ImageResize.Core.Imaging.Scheduling;
using ImageResize.FaultyApp;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Imaging.Isolation;

/// <summary>
/// What an image that has taken over its decoder can do, tried inside a child process: in the sandbox, and without it to show that the
/// attempt is a real one.
/// </summary>
public sealed class SandboxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("socket 1", "Operation not permitted")]
    [InlineData("socket 2", "Operation not permitted")]
    [InlineData("socket 10", "Operation not permitted")]
    [InlineData("resolve", "SocketException")]
    [InlineData("exec /bin/true", "Operation not permitted")]
    [InlineData("read /etc/hostname", "Permission denied")]
    [InlineData("read SECRET", "Permission denied")]
    [InlineData("read SETTINGS", "Permission denied")]
    [InlineData("read /proc/PARENT/environ", "Permission denied")]
    [InlineData("read /proc/PARENT/cmdline", "Permission denied")]
    [InlineData("read /proc/PARENT/mem", "Permission denied")]
    [InlineData("write NEW", "Permission denied")]
    [InlineData("write SECRET", "Permission denied")]
    [InlineData("remove SECRET", "Operation not permitted")]
    [InlineData("signal PARENT", "Operation not permitted")]
    [InlineData("survive", "Operation not permitted")]
    [InlineData("limit", "Operation not permitted")]
    [InlineData("memory", "out of memory")]
    [InlineData("log", "nowhere")]
    public void The_sandbox_prevents_what_is_possible_without_it(string probe, string reason)
    {
        SkipWithoutSandbox();
        var settings = Path.Combine(AppContext.BaseDirectory, $"local.settings.{Guid.NewGuid():N}.json");
        File.WriteAllText(settings, "secret");
        try
        {
            _folder.Write("secret", [1, 2, 3]);
            probe = probe.Replace("SECRET", _folder["secret"]).Replace("NEW", _folder["new"]).Replace("SETTINGS", settings)
                .Replace("PARENT", Environment.ProcessId.ToString());

            var confined = Probe(DecoderIsolation.Sandbox, probe);
            var unconfined = Probe(DecoderIsolation.Isolate, probe);

            Assert.Equal((reason, SandboxProbe.Allowed), (confined, unconfined));
        }
        finally
        {
            File.Delete(settings);
        }
    }

    /// <summary>Not tried without the sandbox: tracing would stop the tests, and a runtime does not survive as a copy.</summary>
    [Fact]
    public void The_sandbox_prevents_tracing_and_copies_of_the_process()
    {
        SkipWithoutSandbox();

        Assert.Equal("Operation not permitted", Probe(DecoderIsolation.Sandbox, $"trace {Environment.ProcessId}"));
        Assert.Equal("Operation not permitted", Probe(DecoderIsolation.Sandbox, "fork"));
    }

    [Fact]
    public void The_sandbox_allows_what_the_runtime_needs()
    {
        SkipWithoutSandbox();

        Assert.Equal(SandboxProbe.Allowed, Probe(DecoderIsolation.Sandbox, "thread"));
        Assert.Equal(SandboxProbe.Allowed, Probe(DecoderIsolation.Sandbox, "read /proc/self/status"));
    }

    [Theory]
    [InlineData(DecoderIsolation.Sandbox)]
    [InlineData(DecoderIsolation.Isolate)]
    public async Task Thumbnails_of_all_formats_are_those_that_the_program_makes(DecoderIsolation isolation)
    {
        using var here = new GuardRig(new ImagingOptions { Isolation = DecoderIsolation.InProcess });
        using var apart = new GuardRig(new ImagingOptions { Isolation = isolation });
        var work = new ImageWork(Measure: true, [new ThumbnailSpec(30, 30)]);

        foreach (var format in TestImages.Formats)
        {
            var image = TestImages.Of(format);
            var expected = await here.Thumbnailer.MakeAsync(image, work, new ImagePriority(1), isSuspect: false, Token);
            var made = await apart.Thumbnailer.MakeAsync(image, work, new ImagePriority(1), isSuspect: false, Token);

            Assert.Equal(expected.Size, made.Size);
            Assert.Equal(Convert.ToHexString(expected.Thumbnails[0].Bytes.Span), Convert.ToHexString(made.Thumbnails[0].Bytes.Span));
            using var stream = new MemoryStream(image);
            Assert.Equal(expected.Size, await apart.Thumbnailer.MeasureAsync(stream, Token));
            using var forward = new ForwardStream(image);
            Assert.Equal(expected.Size, await apart.Thumbnailer.MeasureAsync(forward, Token));
        }

        Assert.Equal(isolation, apart.Thumbnailer.GetState().Posture);
    }

    private static string Probe(DecoderIsolation isolation, string probe)
    {
        using var isolated = new IsolatedThumbnailer(
            FaultyProgram.ChildCommand,
            Options.Create(new ImagingOptions { Isolation = isolation, MaxMegapixels = 10 }),
            NullLogger<IsolatedThumbnailer>.Instance);
        var work = new ImageWork(Measure: false, [new ThumbnailSpec(20, 20)]);

        var answer = Assert.Throws<RefusedException>(
            () => isolated.Make(SandboxProbe.Image(TestImages.Jpeg(40, 30), probe), work, attempts: 1, Token));
        Assert.Equal(isolation, isolated.Posture);

        return answer.Message;
    }

    private static void SkipWithoutSandbox() =>
        Assert.SkipWhen(SandboxSupport.FindObstacle() is not null, "This system has no sandbox.");
}
