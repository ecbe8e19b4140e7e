using ImageResize.Functions;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone;

namespace ImageResize.Tests.Settings;

/// <summary>Invalid settings are reported before the start, one line each.</summary>
public sealed class SettingsCheckTests
{
    [Fact]
    public void All_wrong_settings_are_reported_together()
    {
        string[] lines = Refusal(
            "--ImageResize:Imaging:JpegQuality=0",
            "--ImageResize:Imaging:JpegQualty=90",
            "--ImageResize:Jobs:RetentionDays=week",
            "--ImageResize:Web:Enabled=maybe",
            "--ImageResize:Presets:card:Width=0",
            "--ImageResize:Keys:shop=short",
            "--ImageResize:Kyes:shop=0123456789abcdef");

        Assert.Equal(
            [
                "ImageResize__Imaging__JpegQuality must be an integer from 1 to 100.",
                "ImageResize__Imaging__JpegQualty is not a setting. Did you mean ImageResize__Imaging__JpegQuality?",
                "ImageResize__Jobs__RetentionDays must be an integer, but is 'week'.",
                "ImageResize__Keys__shop must be 16 to 256 printable ASCII characters without spaces.",
                "ImageResize__Kyes__shop is not a setting. Did you mean ImageResize__Keys__NAME?",
                "ImageResize__Presets__card__Width: width must be an integer from 1 to 4096.",
                "ImageResize__Web__Enabled must be True or False, but is 'maybe'.",
            ],
            lines.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("--ImageResize:Presets:card:Width=1 --ImageResize:Presets:card:Metadata:0=copyright")]
    [InlineData("--ImageResize:Presets:card:width=300")]
    [InlineData("--ImageResize:Regions:Addresses:1=https://eu.example")]
    [InlineData("--ImageResize:NextKeys:shop=0123456789abcdef")]
    [InlineData("--imageresize:imaging:jpegquality=90")]
    [InlineData("--ImageResize:Watches:photos:Source=in --ImageResize:Watches:photos:Preset=card")]
    [InlineData("--ImageResize:Role=Api")]
    public void A_setting_with_any_spelling_or_a_name_of_its_own_is_known(string setting) =>
        Start("Development", setting.Split(' '));

    [Fact]
    public void Outside_Development_an_unknown_name_does_not_stop_the_start() =>
        Start("Production", "--ImageResize:Imaging:JpegQualty=90");

    [Fact]
    public void A_name_unlike_all_others_is_reported_without_a_guess() =>
        Assert.Equal(["ImageResize__Z is not a setting. docs/settings.md lists all."], Refusal("--ImageResize:Z=1"));

    private static string[] Refusal(params string[] settings) =>
        Assert.Throws<StartupException>(() => Start("Development", settings)).Message.Split(Environment.NewLine);

    private static void Start(string environment, params string[] settings) => StandaloneHost
        .CreateBuilder([$"--environment={environment}", "--AzureWebJobsStorage=UseDevelopmentStorage=true", .. settings])
        .AddApplication(StandaloneHost.VisibilityTimeout, crashMarkerPath: null);
}
