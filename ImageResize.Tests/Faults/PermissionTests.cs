using ImageResize.Core.Identifiers;
using ImageResize.Core.Messages;
using ImageResize.Functions.Standalone.LocalStorage;
using ImageResize.Tests.Faults.Apps;
using ImageResize.Tests.Support;

namespace ImageResize.Tests.Faults;

/// <summary>The program has no permission to write its thumbnails.</summary>
public sealed class PermissionTests(Azurite azurite)
{
    private const UnixFileMode ReadAndEnter = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    /// <summary>Root can write everywhere, so the program is started without the capabilities for that.</summary>
    private static readonly string[] s_withoutCapabilities = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"];

    /// <param name="closed">The folder without write permission: that of unfinished files or that of thumbnails.</param>
    [Trait("Abuse", "27")]
    [Theory]
    [InlineData("resized")]
    [InlineData("resized/many")]
    public async Task Without_permission_a_job_is_retried_or_fails_with_the_reason_and_succeeds_once_permitted(string closed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        using var rig = new FaultRig(azurite.ConnectionString);
        rig.Images.Write("many/cat.jpg", TestImages.Jpeg(400, 300));
        Directory.CreateDirectory(rig.Images["resized/many"]);
        Allow(rig.Images[closed], ReadAndEnter);
        await using var app = await rig.StartStandaloneAsync(await LauncherAsync());

        var retried = await SubmitAsync(app);
        await Eventually.Async(
            () => app.Output.Contains($"{retried}: The place for thumbnails may not be written: no permission.", StringComparison.Ordinal));
        Assert.Equal(404, (await app.SendAsync(HttpMethod.Get, $"/result?jobId={retried}")).Status);

        // The fifth attempt, which would follow about four minutes later.
        var failing = await SubmitAsync(app);
        await rig.PutAsync(new SliceMessage(failing, 0) { DeferCount = 4 });
        Assert.Contains("no permission", await ResultAsync(app, failing), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(rig.Images["resized"], "*", SearchOption.AllDirectories));

        Allow(rig.Images[closed], ReadAndEnter | UnixFileMode.UserWrite);
        await rig.PutAsync(new SliceMessage(retried, 0) { DeferCount = 1 });
        Assert.Contains("\"Resize\":true", await ResultAsync(app, retried), StringComparison.Ordinal);
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

        var setpriv = await Tool.RunAsync("sh", ["-c", $"{string.Join(' ', s_withoutCapabilities)} true"], "/", CancellationToken.None);
        Assert.SkipWhen(setpriv.ExitCode != 0, "Root cannot drop its capabilities here: " + setpriv.Errors);

        return s_withoutCapabilities;
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
