using System.Text.Json;
using ImageResize.Core.Errors;
using ImageResize.FaultyApp;
using ImageResize.Tests.Faults.Apps;
using ImageResize.Tests.Support;
using ImageResize.Tests.Support.FunctionsHost;
using ImageResize.Tests.Support.Processes;

namespace ImageResize.Tests.Faults;

/// <summary>Images that crash or hang native code, in the program and in its child processes.</summary>
[Collection(PublishedAppTests.Name)]
public sealed class DecoderCrashTests(Azurite azurite, PublishedApp published)
{
    [Trait("Abuse", "30")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_200_images_only_the_crashing_and_the_hanging_one_fail_and_each_stops_the_program_at_most_once(bool underHost)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The faults use the C library of Unix.");
        using var rig = new FaultRig(azurite.ConnectionString, published) { DeadlineSeconds = 3 };
        for (var i = 0; i < 200; i++)
        {
            byte[] fault = i == 57 ? FaultyThumbnailer.Abort : i == 131 ? FaultyThumbnailer.Spin : [];
            rig.Images.Write($"many/{i:D3}.jpg", [.. Photos.Make(i, 320, 240), .. fault]);
        }

        await using var app = await rig.StartAsync(underHost);
        var batch = await FaultRig.SubmitFolderAsync(app, "many");

        var ended = await Eventually.Async(
            async () => await FaultRig.FindBatchAsync(app, batch) is { State: Core.Batches.BatchState.Completed } over ? over : null,
            TimeSpan.FromMinutes(4));
        Assert.Equal((198, 2), (ended.Counts.Succeeded, ended.Counts.Failed));
        Assert.Equal((ErrorCode.DecoderCrashed.Name, ErrorCode.ImageTooSlow.Name),
            (await CodeAsync(app, batch, 57), await CodeAsync(app, batch, 131)));
        Assert.InRange(app.Exits, 1, 2);
        Assert.Equal(198, Directory.GetFiles(rig.Images["resized/many"]).Length);
        Assert.False((app as HostedApp)?.HasGivenUp ?? false);
    }

    [Fact]
    public async Task Under_the_host_several_crashing_images_and_uploads_stop_the_worker_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The faults use the C library of Unix.");
        using var rig = new FaultRig(azurite.ConnectionString, published);
        rig.Images.Write("first.jpg", [.. Photos.Make(1, 320, 240), .. FaultyThumbnailer.Abort]);
        rig.Images.Write("second.jpg", [.. Photos.Make(2, 320, 240), .. FaultyThumbnailer.Crash]);
        rig.Images.Write("third.jpg", [.. Photos.Make(3, 320, 240), .. FaultyThumbnailer.Abort]);
        rig.Images.Write("good.jpg", Photos.Make(4, 320, 240));
        await using var app = await rig.StartUnderHostAsync();

        var first = await SubmitAsync(app, HttpMethod.Post, "first.jpg");
        await Eventually.Async(() => app.Exits > 0);
        string[] crashing =
        [
            first, await SubmitAsync(app, HttpMethod.Post, "second.jpg"), await SubmitAsync(app, HttpMethod.Get, "third.jpg"),
            await SubmitAsync(app, HttpMethod.Post, "third.jpg"),
        ];
        var refused = await app.UploadAsync([.. Photos.Make(5, 320, 240), .. FaultyThumbnailer.Abort]);
        var accepted = await app.UploadAsync(Photos.Make(6, 320, 240));
        var upload = JsonDocument.Parse(accepted.Body).RootElement.GetProperty("source").GetString()!;
        string[] good =
        [
            await SubmitAsync(app, HttpMethod.Post, "good.jpg"), await SubmitAsync(app, HttpMethod.Get, "good.jpg"),
            await SubmitAsync(app, HttpMethod.Post, upload),
        ];

        foreach (var job in crashing)
        {
            Assert.Equal(ErrorCode.DecoderCrashed.Name, (await EndedAsync(app, job)).GetProperty("error").GetProperty("code").GetString());
        }

        foreach (var job in good)
        {
            Assert.Equal("succeeded", (await EndedAsync(app, job)).GetProperty("state").GetString());
        }

        Assert.Equal((422, 201), (refused.Status, accepted.Status));
        Assert.Contains(ErrorCode.DecoderCrashed.Name, refused.Body, StringComparison.Ordinal);
        Assert.Equal((1, false), (app.Exits, app.HasGivenUp));
    }

    [Fact]
    public async Task A_hanging_child_process_ends_when_its_parent_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        using var rig = new FaultRig(azurite.ConnectionString, published) { DeadlineSeconds = 60 };
        rig.Images.Write("hang.jpg", [.. Photos.Make(1), .. FaultyThumbnailer.Sleep]);
        await using var app = await rig.StartStandaloneAsync();
        await app.SendAsync(HttpMethod.Post, "/imageapi?imagePath=hang.jpg");

        // Killed while the image hangs in the program, so that the message is redelivered and the image decoded in a child process.
        await Eventually.Async(() => Hangs() == 1);
        await app.KillAsync();
        await Eventually.Async(() => Hangs() == 2);
        var child = Assert.Single(ChildProcesses.Of(app.ProcessId));
        await app.KillAsync();

        await Eventually.Async(() => !Directory.Exists($"/proc/{child}"));

        int Hangs() => app.Output.Split(FaultyThumbnailer.Hangs).Length - 1;
    }

    private static async Task<string> SubmitAsync(HostedApp app, HttpMethod method, string image)
    {
        var (_, body) = await app.SendAsync(method, $"/imageapi?imagePath={image}");

        return JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString()!;
    }

    private static async Task<JsonElement> EndedAsync(HostedApp app, string job)
    {
        var ended = await Eventually.Async(async () =>
        {
            var (_, body) = await app.SendAsync(HttpMethod.Get, $"/v1/jobs/{job}");
            var document = JsonDocument.Parse(body);

            return document.RootElement.GetProperty("state").GetString() is "succeeded" or "failed" ? document : null;
        });

        return ended.RootElement;
    }

    private static async Task<string?> CodeAsync(IRestartedApp app, string batch, int job)
    {
        var (_, body) = await app.SendAsync(HttpMethod.Get, $"/v1/jobs/{batch}-{job}");

        return JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetString();
    }
}
