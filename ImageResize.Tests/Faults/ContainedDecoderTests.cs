using ImageResize.Core.Batches;
using ImageResize.Core.Imaging;
using ImageResize.Core.Imaging.Isolation;
using ImageResize.Core.Imaging.Isolation.Sandbox;
using ImageResize.FaultyApp;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Faults;

/// <summary>Images that crash or hang native code, if that runs in child processes from the first attempt.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class ContainedDecoderTests(Azurite azurite, PublishedApp published)
{
    [Trait("Abuse", "30")]
    [Theory]
    [InlineData(DecoderIsolation.Sandbox, false)]
    [InlineData(DecoderIsolation.Sandbox, true)]
    [InlineData(DecoderIsolation.Isolate, false)]
    public async Task A_crash_costs_a_child_process_and_never_the_program(DecoderIsolation isolation, bool underHost)
    {
        SkipWithout(isolation);
        using var rig = OpenRig(isolation);
        for (var i = 0; i < 20; i++)
        {
            byte[] fault = i == 7 ? FaultyThumbnailer.Abort : i == 13 ? FaultyThumbnailer.Spin : [];
            rig.Images.Write($"many/{i:D3}.jpg", [.. Photos.Make(i, 320, 240), .. fault]);
        }

        await using var app = await rig.StartAsync(underHost);
        var batch = await FaultRig.SubmitFolderAsync(app, "many");

        var ended = await Eventually.Async(
            async () => await FaultRig.FindBatchAsync(app, batch) is { State: BatchState.Completed } over ? over : null,
            TimeSpan.FromMinutes(4));
        Assert.Equal((18, 2, 0), (ended.Counts.Succeeded, ended.Counts.Failed, app.Exits));
    }

    /// <summary>A stopped process can't notice by itself that its parent has ended.</summary>
    [Theory]
    [InlineData(DecoderIsolation.Sandbox)]
    [InlineData(DecoderIsolation.Isolate)]
    public async Task A_stopped_child_process_ends_with_its_parent(DecoderIsolation isolation)
    {
        SkipWithout(isolation);
        using var rig = OpenRig(isolation);
        await using var app = await rig.StartStandaloneAsync();
        await Eventually.Async(() => app.Output.Contains($"Native decoders: {isolation}", StringComparison.Ordinal));
        var child = ChildProcesses.Of(app.ProcessId).Single(IsDecoder);
        await UnixSignal.SendAsync("STOP", child);

        await app.KillAsync();

        await Eventually.Async(() => !Directory.Exists($"/proc/{child}"));
    }

    private FaultRig OpenRig(DecoderIsolation isolation) => new(azurite.ConnectionString, published)
    {
        DeadlineSeconds = 3,
        More = { ["ImageResize__Imaging__Isolation"] = isolation.ToString() },
    };

    private static bool IsDecoder(int process) =>
        File.ReadAllText($"/proc/{process}/cmdline").Contains(DecodeChild.Argument, StringComparison.Ordinal);

    private static void SkipWithout(DecoderIsolation isolation)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        Assert.SkipWhen(
            isolation == DecoderIsolation.Sandbox && SandboxSupport.FindObstacle() is not null, "This system has no sandbox.");
    }
}
