using ImageResize.Functions;
using ImageResize.Functions.Hosting;
using ImageResize.Functions.Standalone;
using ImageResize.Tests.Support;
using Microsoft.Extensions.Options;

namespace ImageResize.Tests.Settings;

/// <summary>Invalid watches stop the start, with a line for each value.</summary>
public sealed class WatchSettingsTests(Azurite azurite)
{
    [Fact]
    public void All_values_that_are_wrong_by_themselves_are_reported_together()
    {
        string[] settings =
        [
            "--ImageResize:Watches:a:Preset=card",
            "--ImageResize:Watches:b:Source=in",
            "--ImageResize:Watches:c:Source=in", "--ImageResize:Watches:c:Preset=card", "--ImageResize:Watches:c:Actions=[]",
            "--ImageResize:Watches:c:IntervalSeconds=-1", "--ImageResize:Watches:c:Caller=a b", "--ImageResize:Watches:d!:Source=in",
            "--ImageResize:Watches:d!:Preset=card", "--ImageResize:Watches:c:Sorce=in",
        ];

        var failure = Assert.Throws<StartupException>(() => StandaloneHost
            .CreateBuilder(["--environment=Development", "--AzureWebJobsStorage=UseDevelopmentStorage=true", .. settings])
            .AddApplication(StandaloneHost.VisibilityTimeout, crashMarkerPath: null));

        Assert.Equal(
            [
                "ImageResize__Watches__a__Source is missing.",
                "ImageResize__Watches__b needs either ImageResize__Watches__b__Preset or ImageResize__Watches__b__Actions.",
                "ImageResize__Watches__c needs either ImageResize__Watches__c__Preset or ImageResize__Watches__c__Actions.",
                "ImageResize__Watches__c__Caller must be 1 to 64 letters, digits, '-' and '_', or principal:ID.",
                "ImageResize__Watches__c__IntervalSeconds must be an integer from 0 to 86400.",
                "ImageResize__Watches__c__Sorce is not a setting. Did you mean ImageResize__Watches__NAME__Source?",
                "ImageResize__Watches__d!: a watch's name must be 1 to 40 letters, digits, '-' and '_'.",
            ],
            failure.Message.Split(Environment.NewLine).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task All_values_that_other_settings_forbid_are_reported_together()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningApp.StartAsync(
            azurite,
            [
                "--ImageResize:Watches:a:Source=blob://secret/",
                "--ImageResize:Watches:a:Preset=none",
                "--ImageResize:Watches:b:Source=http://photos.example/",
                "--ImageResize:Watches:b:Actions=[ { \"thumbnail\": { \"width\": 0 } } ]",
                "--ImageResize:Watches:b:Callback=https://shop.example/",
                "--ImageResize:Watches:c:Source=in/a.jpg",
                "--ImageResize:Watches:c:Actions=[",
                "--ImageResize:Watches:d:Source=resized/",
                "--ImageResize:Watches:d:Actions=[ { \"measure\": {} } ]",
            ]));

        Assert.Equal(
            [
                "ImageResize__Watches__a__Preset: There is no preset 'none'.",
                "ImageResize__Watches__a__Source: The container secret is not in ImageResize__Blobs__AllowedContainers.",
                "ImageResize__Watches__b__Actions: width must be an integer from 1 to 4096.",
                "ImageResize__Watches__b__Callback: Callbacks are not available: the operator has set no secret to sign them with.",
                "ImageResize__Watches__b__Source: A watch is of a container (blob://photos/**) or of a folder (in/**).",
                "ImageResize__Watches__c__Actions: The value is not valid JSON at line 1, byte 2.",
                "ImageResize__Watches__c__Source: This is an image. A watch is of a container (blob://photos/**) or of a folder (in/**).",
                "ImageResize__Watches__d__Source: Images in this folder are already thumbnails.",
            ],
            failure.Failures.Order(StringComparer.Ordinal));
    }
}
