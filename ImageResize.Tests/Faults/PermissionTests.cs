using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Faults.Apps;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Faults;

/// <summary>The real program may not write where its thumbnails go.</summary>
public sealed class PermissionTests(Azurite azurite)
{
    private const UnixFileMode ReadAndEnter = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    /// <summary>Root may write everywhere: the program is started without that power, as any other user is.</summary>
    private static readonly string[] s_withoutPower = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"];

    /// <param name="closed">What may not be written: the folder in which files grow, or the one where they end.</param>
    [Trait("Abuse", "27")]
    [Theory]
    [InlineData("resized")]
    [InlineData("resized/many")]
    public async Task Without_permission_a_job_waits_or_fails_with_the_reason_and_goes_on_with_it(string closed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Permissions are other things on Windows.");
        using var rig = new FaultRig(azurite.ConnectionString);
        rig.Images.Write("many/cat.jpg", TestImages.Jpeg(400, 300));
        Directory.CreateDirectory(rig.Images["resized/many"]);
        Allow(rig.Images[closed], ReadAndEnter);
        await using var app = await rig.StartStandaloneAsync(await LauncherAsync());

        var waiting = await SubmitAsync(app);
        await Eventually.Async(
            () => app.Output.Contains($"{waiting}: The place for thumbnails may not be written: no permission.", StringComparison.Ordinal));
        Assert.Equal(404, (await app.SendAsync(HttpMethod.Get, $"/result?jobId={waiting}")).Status);

        // Its fifth try, which would come some four minutes later.
        var failing = await SubmitAsync(app);
        await rig.PutAsync(new SliceMessage(failing, 0) { DeferCount = 4 });
        Assert.Contains("no permission", await ResultAsync(app, failing), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(rig.Images["resized"], "*", SearchOption.AllDirectories));

        Allow(rig.Images[closed], ReadAndEnter | UnixFileMode.UserWrite);
        await rig.PutAsync(new SliceMessage(waiting, 0) { DeferCount = 1 });
        Assert.Contains("\"Resize\":true", await ResultAsync(app, waiting), StringComparison.Ordinal);
        Assert.Equal(0, app.Exits);
    }

    private static void Allow(string folder, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, mode);
        }
    }

    private static async Task<string[]> LauncherAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [];
        }

        var setpriv = await Tool.RunAsync("sh", ["-c", $"{string.Join(' ', s_withoutPower)} true"], "/", CancellationToken.None);
        Assert.SkipWhen(setpriv.ExitCode != 0, "Root cannot lay down its power over permissions here: " + setpriv.Errors);

        return s_withoutPower;
    }

    private static async Task<BatchId> SubmitAsync(StandaloneApp app)
    {
        var (_, body) = await app.SendAsync(HttpMethod.Post, "/imageapi?imagePath=many/cat.jpg");
        Assert.True(
            BatchId.TryParse(System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("jobId").GetString(), out var job), body);

        return job;
    }

    private static Task<string> ResultAsync(StandaloneApp app, BatchId job) => Eventually.Async(async () =>
    {
        var (status, body) = await app.SendAsync(HttpMethod.Get, $"/result?jobId={job}");

        return status == 200 ? body : null;
    });
}
